"""Where the user's own data lies: `.data` in the checkout, which git does not track."""

from __future__ import annotations

from pathlib import Path

DEFAULT_DATA_FOLDER = Path(__file__).resolve().parent.parent / ".data"
