"""How Sphinx builds these pages; `tox -e docs` does, and takes a warning for an error."""

from __future__ import annotations

from importlib.metadata import version as installed_version

project = "cloudabstract"
author = "The cloudabstract authors"
copyright = author
version = release = installed_version("cloudabstract")

extensions = ["myst_parser", "sphinx.ext.doctest"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["deflist", "fieldlist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"cloudabstract {release}"
