"""The term sheet: concepts, people, institutions, documents and their names in both languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from sources.errors import BadLibrary
from sources.library import LIBRARY_PATH

TERMS_PATH = LIBRARY_PATH / "terms.toml"
NAMED_KINDS = frozenset({"person", "institution", "document", "event", "place", "country"})  # with names of their own
KINDS = NAMED_KINDS | {"concept", "legal"}
_FIELDS = frozenset({"id", "kind", "zh", "en", "source", "role"})


@dataclass(frozen=True, slots=True)
class Term:
    """One thing with its names; the first name of each language is canonical. `source` is set for documents."""

    id: str
    kind: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    source: str = ""

    def names(self, language: str) -> tuple[str, ...]:
        """Names in that language, canonical first."""
        return self.zh if language == "zh" else self.en


def load_terms(path: Path = TERMS_PATH) -> tuple[Term, ...]:
    """Every term in file order; raises BadLibrary naming the entry and field that is wrong."""
    if not path.exists():
        return ()
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("term", [])
    except tomllib.TOMLDecodeError as error:
        raise BadLibrary(f"{path.name} is not valid TOML: {error}; mend that line.") from None
    owners: dict[str, str] = {}
    result = []
    for number, row in enumerate(rows, 1):
        where = f"{path.name}, entry {number} ({row.get('id', 'no id')!r})"
        if unknown := set(row) - _FIELDS:
            raise BadLibrary(f"{where}: unknown field {sorted(unknown)[0]!r}; use {', '.join(sorted(_FIELDS))}.")
        if row.get("kind") not in KINDS:
            raise BadLibrary(f"{where}: kind {row.get('kind')!r} is none of {', '.join(sorted(KINDS))}.")
        if not row.get("id") or not row.get("zh") or not row.get("en"):
            raise BadLibrary(f"{where}: needs id, zh and en; write at least one name in each language.")
        for alias in {*row["zh"], *row["en"]}:
            if (owner := owners.setdefault(alias.casefold(), row["id"])) != row["id"]:
                raise BadLibrary(f"{where}: name {alias!r} already belongs to {owner!r}; keep it at one of them.")
        result.append(Term(row["id"], row["kind"], tuple(row["zh"]), tuple(row["en"]), row.get("source", "")))
    return tuple(result)
