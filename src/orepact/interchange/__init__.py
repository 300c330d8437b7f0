"""Formats of other fields: what of orepact goes where in each, and the way back where there is one.

Pure: frames and records in, text or files out, and the other way round; nothing here asks a database, a solver or the network.
``docs/reference/interchange.md`` is the table of what goes where.
"""
