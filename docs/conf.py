"""Sphinx settings; the reference of commands, errors and code lists is written anew at every build."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generate

from orepact import __version__

generate.write_all()

project = "orepact"
author = "The orepact developers"
copyright = "2026, The orepact developers"
release = version = __version__
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"orepact {__version__}"
html_copy_source = False
locale_dirs = ["locale"]
gettext_compact = False
suppress_warnings = ["myst.header", "toc.empty_glob"]
