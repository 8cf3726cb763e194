"""Where the checkout is, and the user's own data in it: `.data`, which git does not track."""

from __future__ import annotations

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DEFAULT_DATA_FOLDER = CHECKOUT / ".data"
