"""Where the recordings of the chambers and the judged cases lie: beside the checkout, or where LEGIS_SHARED says.

They are not part of the project. A test that needs them says so and is skipped where they are missing.
"""

import os
from pathlib import Path

_SHARED = Path(os.environ.get("LEGIS_SHARED") or Path(__file__).resolve().parents[2] / "shared")

RECORDINGS = _SHARED / "recordings"
"""Folder of the recorded answers and files of the chambers, one folder for each chamber."""

CAMARA_RECORDINGS = RECORDINGS / "camara"

CASES = _SHARED / "cases"
"""Folder of the judged cases: inputs with the answers that were judged right."""
