"""Alembic's entry: run the steps on the connection that ``orepact.store.schema`` hands over, within its transaction."""

from __future__ import annotations

from alembic import context

# SQLite changes its schema within transactions too, once its driver is told not to commit before (see ``store.engine``).
context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
