"""Makes the package `gcp_bench` of this folder importable: pytest puts no folder on the path."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
