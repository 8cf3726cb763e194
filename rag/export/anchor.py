"""The anchor: one line that says where in which text a quote stands, the same in every format.

bletchley-declaration.en p2 44-100 sha256:2868…
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ANCHOR = re.compile(
    r"(?P<edition>[a-z0-9][\w.-]*) (?P<locator>[\w.]+) (?P<start>\d{1,9})-(?P<end>\d{1,9}) "
    r"sha256:(?P<sha256>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A span of an edition, and the hash of the edition's whole text when it was quoted."""

    edition_key: str
    locator: str
    start: int
    end: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.edition_key} {self.locator} {self.start}-{self.end} sha256:{self.sha256}"


def find_anchor(text: str) -> Anchor | None:
    """The anchor in a line of text, or None."""
    found = _ANCHOR.search(text)
    if found is None:
        return None
    return Anchor(found["edition"], found["locator"], int(found["start"]), int(found["end"]), found["sha256"])
