"""Understanding a question: language, kind of answer wanted, names, direct locators, and follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.analyser import fold
from rag.followup import standalone_question
from rag.kinds import AnswerKind, kind_of
from rag.knowledge import Knowledge, Mention
from rag.places import asked_locators
from sources.readers import language_of


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message: role "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """An understood question. `search_text` is what is searched for; `locators` are places named directly."""

    text: str
    language: str
    standalone: str | None
    search_text: str
    folded: str
    kind: AnswerKind
    mentions: tuple[Mention, ...]
    locators: tuple[str, ...]

    @property
    def scope(self) -> frozenset[str]:
        """Ids of the sources that the question names."""
        return frozenset(mention.source_id for mention in self.mentions if mention.source_id)


def understand(text: str, history: Sequence[Turn], knowledge: Knowledge, language: str | None = None) -> Question:
    """Everything the later steps need to know about the question."""
    own_language = language_of(text)
    earlier = [turn.content for turn in history if turn.role == "user"]
    standalone = standalone_question(text, earlier, knowledge) if earlier else None
    search_text = standalone or text
    folded = fold(search_text)
    mentions = tuple(knowledge.mentions(search_text))
    return Question(
        text,
        language or own_language,
        standalone,
        search_text,
        folded,
        kind_of(folded),
        mentions,
        asked_locators(folded),
    )
