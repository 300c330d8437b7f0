"""``python -m orepact`` is ``orepact``."""

from orepact.cli import main

main()
