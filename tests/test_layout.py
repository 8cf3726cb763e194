"""House rules: names resolve to this checkout, packages import light, the tree in the README is true."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("sources", "index", "rag", "ui", "eval")


@pytest.mark.parametrize("name", PACKAGES)
def test_generic_names_resolve_to_this_checkout(name: str) -> None:
    assert Path(importlib.import_module(name).__file__ or "").resolve().parent == ROOT / name


def test_asking_imports_neither_torch_nor_what_only_building_needs() -> None:
    subprocess.run([sys.executable, "-m", "index", "build"], cwd=ROOT, check=True)  # only building may need more
    script = (
        "import sys; from rag.__main__ import main; main(['ask', '峰会讨论的五大目标是什么？']);"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'torch', 'transformers', 'sentence_transformers', 'gradio', 'pydantic'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_every_module_of_the_tree_in_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = readme.split("## The tree", 1)[1].split("```")[1]
    folder = ROOT
    for line in tree.strip().splitlines():
        head = re.match(r"^([a-z]+/)", line)
        if head:
            folder = ROOT / head[1]
            assert folder.is_dir(), line
        for name in re.findall(r"([A-Za-z_-]+\.(?:py|toml|md))\b", line):
            assert (folder / name).exists() or (ROOT / "docs" / name).exists() or any(folder.rglob(name)), (
                f"{folder.name}/{name}"
            )


def test_changelog_has_an_unreleased_section_and_decisions_have_their_parts() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences")), path.name
