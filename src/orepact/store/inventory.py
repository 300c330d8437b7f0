"""Every table of the database, in the order in which rows can be filled in: those of the register, then those beside it."""

from __future__ import annotations

from orepact.store import accounts, notices_out, repeats, tables, work

#: What a backup carries.
CARRIED = (*tables.TABLES, *accounts.KEPT, *work.KEPT, *notices_out.KEPT)
#: All that there are.
EVERY = (*CARRIED, *accounts.PASSING, *repeats.PASSING, *work.PASSING, *notices_out.PASSING)
