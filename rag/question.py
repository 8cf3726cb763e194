"""Understanding a question: language, kind of answer wanted, names, direct locators, and follow-ups."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from index.analyser import fold
from rag.everyday import Rewording
from rag.followup import standalone_question
from rag.kinds import AnswerKind, kind_of
from rag.knowledge import Knowledge
from rag.known_questions import Likeness, Place, without_sources
from rag.mention import Mention
from rag.places import asked_locators
from rag.references import Reference, references, themes
from rag.wording import strip_asking, without_orders
from sources.readers import language_of

# “那些公司…？” where nothing else asks: a slip for 哪些.
_MISTYPED = re.compile(r"^那(?=[些个位几里][^？?]*[？?]$)(?!.*(什么|哪|谁|多少|几个|怎|吗|呢))")
# Laws say in their own words from when they bind; people use any of them.
_IN_FORCE = re.compile(
    r"into (force|effect|application)|\btak(e|es|ing) effect|\bappl(y|ies|icable)\b|生效|施行|实施|起效|适用|管用"
)
_IN_FORCE_WORDS = {"en": " (entry into force and application, shall apply from)", "zh": "（施行，生效，适用）"}
_LOOKED_BACK = 12  # turns
# What joins two names of one rank, with up to a few letters of their own: “宣言和倡议”, “the order and the EU act”.
_JOINS = re.compile(
    r"^[^,.;?!。、]{0,5}(?:和|与|跟|同|及|以及|、|还是|比|还有|vs)[^,.;?!。]{0,6}$|"
    r"^[^,.;?!]{0,14}(?:\b(?:and|or|vs|versus|with|than)\b|&)[^,.;?!]{0,16}$"
)
_EACH = re.compile(r"各|分别|\b(each|both|either|respectively)\b")
# What people ask of a whole text.
_WHOLE = re.compile(
    r"主要(内容|观点)|讲了?什么|说了?什么|内容|主张|[的是]|呼吁|强调|要点|重点|大意|概括|总结|核心|"
    r"call(s|ed)? for|\b(about|main|key|points?|contents?|summary|summari[sz]e|say|says|said|contain|propose[sd]?)\b"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message: role "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True)
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
    references: tuple[Reference, ...] = ()
    rewordings: tuple[Rewording, ...] = ()
    themes: frozenset[str] = frozenset()  # sources whose theme the question speaks of
    known: Mapping[Place, Likeness] = field(default_factory=dict)  # units known to answer questions like it

    @cached_property
    def scope(self) -> frozenset[str]:
        """Ids of the sources that the question names or describes."""
        named = {mention.source_id for mention in self.mentions if mention.source_id}
        return frozenset(named.union(*(found.source_ids for found in self.references if found.exact)))

    @cached_property
    def leaning(self) -> frozenset[str]:
        """Ids of the sources of the parties that the question names: 欧盟, China."""
        return frozenset().union(*(found.source_ids for found in self.references if not found.exact))

    @property
    def sets_side_by_side(self) -> bool:
        """Whether two sources that the question names stand in it as equals: “宣言和倡议…”, “… each …”."""
        if len(self.sides) > 1 and _EACH.search(self.folded):
            return True
        if len(self.scope) < 2:
            return False
        named = [(mention.start, mention.end) for mention in self.mentions if mention.source_id]
        named += [(found.start, found.end) for found in self.references if found.exact]
        named.sort()
        return any(_JOINS.match(self.folded[end:start]) for (_, end), (start, _) in pairwise(named))

    @cached_property
    def sides(self) -> list[frozenset[str]]:
        """What the question may set side by side: sources (or groups of them) named, described or leant to, in order.

        Parties count only where fewer than two sources are named.
        """
        named = [(mention.start, frozenset({mention.source_id})) for mention in self.mentions if mention.source_id]
        named += [(found.start, found.source_ids) for found in self.references if found.exact]
        leant = [(found.start, found.source_ids) for found in self.references if not found.exact]
        sides = list(dict.fromkeys(sources for _, sources in sorted(named, key=lambda pair: pair[0])))
        if len(sides) < 2:
            sides += [
                sources - frozenset().union(*sides)
                for _, sources in leant
                if sources - frozenset().union(*sides) and not any(sources & side for side in sides)
            ]
        return list(dict.fromkeys(sides))


def understand(text: str, history: Sequence[Turn], knowledge: Knowledge, language: str | None = None) -> Question:
    """Everything the later steps need to know about the question."""
    own_language = language_of(text)
    text = _MISTYPED.sub("哪", text)
    standalone = _standalone(text, history, knowledge)
    search_text = without_orders(standalone or text)
    folded = fold(search_text)
    mentions = tuple(knowledge.mentions(search_text))
    named = [(mention.start, mention.end) for mention in mentions if mention.source_id]
    kind = AnswerKind.OVERVIEW if _asks_for_a_whole_text(folded, mentions) else kind_of(folded)
    described = tuple(references(folded, knowledge.source_ids, named))
    in_a_source = bool(named) or any(found.exact for found in described)
    if kind is AnswerKind.WHEN and in_a_source and _IN_FORCE.search(folded):
        folded += _IN_FORCE_WORDS[own_language]
    return Question(
        text,
        language or own_language,
        standalone,
        search_text,
        folded,
        kind,
        mentions,
        asked_locators(folded, in_a_source=in_a_source),
        described,
        knowledge.rewordings(without_sources(folded, mentions), own_language),
        themes(folded, knowledge.source_ids),
        knowledge.units_asked_alike(search_text, mentions, own_language),
    )


def _standalone(text: str, history: Sequence[Turn], knowledge: Knowledge) -> str | None:
    """`text` with what it leaves out of the conversation; earlier questions count with what they had left out."""
    earlier: list[str] = []
    answers: list[str] = []
    for turn in history[-_LOOKED_BACK:]:
        if turn.role == "user":
            earlier.append(
                (standalone_question(turn.content, earlier, knowledge, answers) if earlier else None) or turn.content
            )
        else:
            answers.append(turn.content)
    return standalone_question(text, earlier, knowledge, answers) if earlier else None


def _asks_for_a_whole_text(folded: str, mentions: Sequence[Mention]) -> bool:
    """Whether a question names one source and nothing else: “What did the Declaration call for?”."""
    if len({mention.source_id for mention in mentions if mention.source_id}) != 1 or asked_locators(folded):
        return False
    rest = folded
    for mention in sorted(mentions, key=lambda mention: -mention.start):
        if mention.source_id:
            rest = rest[: mention.start] + " " + rest[mention.end :]
    return bool(_WHOLE.search(rest)) and not re.search(r"[a-z0-9\u3400-\u9fff]", _WHOLE.sub(" ", strip_asking(rest)))
