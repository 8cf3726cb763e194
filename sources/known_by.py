"""How people refer to a source without its name; read without the rest of the catalogue, which asking does not need."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

CATALOGUE_PATH = Path(__file__).with_name("catalogue.toml")


@dataclass(frozen=True, slots=True)
class KnownBy:
    """Folded words of both languages; a reference is one of `party` or `theme`, closely followed by one of `form`.

    “拜登那道命令”, “the EU's rules”: whose a text is, or what it is about, and what form it has.
    """

    party: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    form: tuple[str, ...] = ()


def load_known_by(path: Path = CATALOGUE_PATH) -> dict[str, KnownBy]:
    """By id, for each source of the catalogue that has any; the catalogue's own check says whether they are right."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    return {
        row["id"]: KnownBy(**{field: tuple(words) for field, words in row["known_by"].items()})
        for row in rows
        if "known_by" in row
    }
