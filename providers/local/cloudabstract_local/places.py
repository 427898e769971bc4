"""The one place of a local target: the machine on which it runs."""

from __future__ import annotations

PLACE = "local"
