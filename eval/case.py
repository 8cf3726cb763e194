"""Case: one question of the evaluation set, what a right answer must say, and where the texts say it.

A case file is JSON Lines, one object per line. Evidence is named by source and locator, so that one case
scores on the shipped digests and on official texts alike; see `eval/README.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from eval.errors import BrokenCase

CASES_FOLDER = Path(__file__).parent / "cases"
Language = Literal["zh", "en"]


class Expectation(StrEnum):
    """What a right system does with the question."""

    ANSWER = "answer"
    ABSTAIN = "abstain"
    CORRECT_PREMISE = "correct_premise"
    CLARIFY = "clarify"
    REFUSE_INJECTION = "refuse_injection"


def _by_language(value: object) -> object:
    """A plain string or list is read as the Chinese or English one by its letters, a mapping is kept."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return value
    chinese = [item for item in value if any("\u3400" <= character <= "\u9fff" for character in str(item))]
    return {"zh": chinese, "en": [item for item in value if item not in chinese]}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Strings = Annotated[list[str], BeforeValidator(_listed)]
Aliases = Annotated[dict[Language, Strings], BeforeValidator(_by_language)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Message(_Strict):
    """One earlier message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


class Value(_Strict):
    """The number or date that a nugget states; `unit` must stand within four characters of a bare number."""

    num: float | int | None = None
    unit: str | Aliases | None = None
    date: str | None = None


class Nugget(_Strict):
    """One thing that a right answer says, in any of its wordings."""

    id: str
    weight: Literal["vital", "okay"] = "vital"
    aliases: Aliases
    kind: Literal["text", "number", "date", "name"] = "text"
    value: Value | None = None
    evidence: list[str] = Field(default_factory=list)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Aliases of both languages."""
        return tuple(alias for language in ("zh", "en") for alias in self.aliases.get(language, []))


class Forbidden(_Strict):
    """Wordings that a right answer never contains."""

    aliases: Aliases
    why: str = ""

    @property
    def wordings(self) -> tuple[str, ...]:
        """Aliases of both languages."""
        return tuple(alias for language in ("zh", "en") for alias in self.aliases.get(language, []))


class Evidence(_Strict):
    """Where the texts say it: a unit of a source; `anchor` is a run of our digest where the unit says more."""

    source_id: str
    locator: str
    anchor: dict[Language, str] = Field(default_factory=dict)


class Case(_Strict):
    """One question and its gold. `sufficient` lists alternative sets of evidence, each enough alone."""

    id: str
    version: int = 1
    split: Literal["dev", "test"]
    cluster: str
    pair_id: str | None = None
    lang: Language
    source_langs: list[Language] = Field(default_factory=list)
    type: str
    tags: list[str] = Field(default_factory=list)
    difficulty: str = "medium"
    question: str
    history: list[Message] = Field(default_factory=list)
    standalone: str | None = None
    as_of: str | None = None
    expect: Expectation
    nuggets: list[Nugget] = Field(default_factory=list)
    forbidden: list[Forbidden] = Field(default_factory=list)
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    sufficient: list[list[str]] = Field(default_factory=list)
    reference: str | dict[Language, str] | None = None
    author: str = ""
    checked_by: str = ""
    created: str = ""
    notes: str = ""

    @model_validator(mode="after")
    def _known_evidence(self) -> Case:
        named = {name for group in self.sufficient for name in group} | {n for g in self.nuggets for n in g.evidence}
        if unknown := sorted(named - self.evidence.keys()):
            raise ValueError(f"evidence {unknown} is named but not listed")
        if len({nugget.id for nugget in self.nuggets}) != len(self.nuggets):
            raise ValueError("two nuggets have the same id")
        return self

    @property
    def vital(self) -> tuple[Nugget, ...]:
        """Nuggets without which an answer is incomplete."""
        return tuple(nugget for nugget in self.nuggets if nugget.weight == "vital")

    @property
    def reference_text(self) -> str:
        """The reference answer in the language of the question, or ""."""
        if isinstance(self.reference, dict):
            return self.reference.get(self.lang, "")
        return self.reference or ""

    @property
    def asked_text(self) -> str:
        """The question and everything said before it."""
        return "\n".join([*(message.content for message in self.history), self.question])


def read_cases(paths: Iterable[Path]) -> tuple[list[Case], list[str]]:
    """Cases of all files in order, and one sentence per line that is none."""
    cases: list[Case] = []
    problems: list[str] = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                cases.append(Case.model_validate(json.loads(line)))
            except ValidationError as error:
                details = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'case'}: {e['msg']}" for e in error.errors()[:3])
                problems.append(f"{path.name}:{number} is no case ({details}).")
            except ValueError as error:
                problems.append(f"{path.name}:{number} is not JSON ({error}).")
    return cases, problems


def case_files(folder: Path = CASES_FOLDER) -> list[Path]:
    """Case files of a folder in name order, or the file itself where one is named."""
    return [folder] if folder.is_file() else sorted(folder.glob("*.jsonl"))


def load_cases(folder: Path = CASES_FOLDER, split: str | None = None) -> list[Case]:
    """All cases of a folder or file, or those of one split; raises BrokenCase at the first broken line."""
    cases, problems = read_cases(case_files(folder))
    if problems:
        raise BrokenCase(problems[0])
    return [case for case in cases if split is None or case.split == split]
