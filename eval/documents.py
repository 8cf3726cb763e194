"""Documents of the evaluation: JSON for programs and, beside it, the same as Markdown for people."""

from __future__ import annotations

import json
from pathlib import Path


def write_json(path: Path, document: object, *, sort_keys: bool = False) -> None:
    """One JSON document, indented so that changes are readable."""
    path.write_text(_json_text(document, sort_keys=sort_keys) + "\n", encoding="utf-8")


def write_document(folder: Path, name: str, document: object, markdown: str) -> None:
    """NAME.json and NAME.md in a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / f"{name}.json", document)
    (folder / f"{name}.md").write_text(markdown, encoding="utf-8")


def print_document(document: object, markdown: str, *, as_json: bool) -> None:
    """Print one of the two forms."""
    print(_json_text(document) if as_json else markdown)


def _json_text(document: object, *, sort_keys: bool = False) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=sort_keys)
