"""Follow-up questions → stand-alone ones, from the earlier user questions. A stand-alone question is left alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.analyser import fold
from rag.knowledge import Knowledge
from rag.mention import Mention
from rag.parts import stated_before_asking
from rag.wording import strip_asking
from sources.readers import language_of
from sources.terms import NAMED_KINDS

_WHAT_ABOUT = re.compile(
    r"^(?:那么?|而)?\s*(?P<zh>[^？?，,]{1,24}?)\s*呢[？?]*$|^(?:and |but )?(?:what|how) about (?P<en>[^?]{1,60})\??$",
    re.IGNORECASE,
)
_LONGEST_ELLIPSIS = 4  # Chinese characters, or twice the English words, of “罚款多少？” and the like
_LEADS = re.compile(r"^(那|那么|还有|另外|其中|具体|再|then\b|and\b|also\b|so\b|but\b)", re.IGNORECASE)
_PRONOUN = re.compile(
    r"(它|他|她|其(?!他|它|中|实)|该(?!如何|怎)|这(个|些|份|项|位|次|类|一|里)?|那(个|些|份|项|位|次)|前者|后者|上述|"
    r"\b(it|its|he|him|his|she|her|they|them|their|this|that|these|those|the (former|latter)|there)\b)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^(and|but|or|what if)?\s*(for|in|with|to|under|about|of|if)\b[^,]{1,40}$|^(那|而)?(对|在|如果|要是)[^，,]{1,16}$",
    re.IGNORECASE,
)
_PERSON_MEANT = re.compile(r"他(?!们)|她(?!们)|\b(he|she|him|his|her)\b", re.IGNORECASE)
_WHO = re.compile(r"谁|哪[位些]人|\bwho\b", re.IGNORECASE)


def standalone_question(
    text: str, earlier: Sequence[str], knowledge: Knowledge, answers: Sequence[str] = ()
) -> str | None:
    """`text` with what it leaves out of `earlier` questions and their `answers`; None where it stands alone."""
    previous = earlier[-1]
    asked = fold(text).strip()  # the patterns are of simplified characters
    if match := _WHAT_ABOUT.match(asked):
        group = "zh" if match["zh"] else "en"
        return _swap_topic(previous, _as_written(text.strip(), match.start(group), match.end(group)), knowledge)
    if _stands_on_itself(text, knowledge):
        return None
    mentions = knowledge.mentions(text)
    points = bool(_PRONOUN.search(asked))
    leans = points or bool(_LEADS.match(asked))
    if not points and mentions and _has_subject(text) and not _GOES_ON.match(asked):
        return None
    if not leans and (mentions or _has_subject(text)):
        return None
    topic = _person(answers, earlier, knowledge) if _PERSON_MEANT.search(asked) else ""
    topic = topic or _topic(text, earlier, knowledge, mentions)
    if not topic:
        return f"{previous.rstrip('？?。. ')} — {text}" if leans else None
    return f"{text.rstrip()}（{topic}）" if language_of(text) == "zh" else f"{text.rstrip()} ({topic})"


def _as_written(text: str, start: int, end: int) -> str:
    """A part of the folded text as the text itself has it, in its capitals and its script, where both stand there."""
    written, folded = text[start:end], fold(text)[start:end]
    return written if fold(written) == folded else folded


def _stands_on_itself(text: str, knowledge: Knowledge) -> bool:
    """Whether a question first states what it then points back to: “报道提到了一个机构，谁担任它的主席？”."""
    stated = stated_before_asking(fold(text))
    return not _PRONOUN.search(stated) and any(mention.is_name for mention in knowledge.mentions(stated))


def _person(answers: Sequence[str], earlier: Sequence[str], knowledge: Knowledge) -> str:
    """The person last spoken of: first named in the last answer, else in the latest question that names one."""
    for said in [*answers[-1:], *reversed(earlier)]:
        for mention in knowledge.mentions(said):
            if mention.kind == "person":
                return _as_written(said, mention.start, mention.end)
    return ""


def _has_subject(text: str) -> bool:
    """Whether a question without names says what it is about: more than one short word beside those that ask."""
    topic = strip_asking(fold(text))
    if language_of(text) == "zh":
        return sum("\u3400" <= character <= "\u9fff" for character in topic) > _LONGEST_ELLIPSIS
    return len(re.findall(r"[a-z0-9]+", topic)) > _LONGEST_ELLIPSIS // 2


def _swap_topic(previous: str, topic: str, knowledge: Knowledge) -> str:
    """The previous question asked about `topic` instead: “那欧盟呢？” after a question about China.

    A topic that is no name is something else asked about the same thing: “那日期呢？”.
    """
    chinese = language_of(previous) == "zh"
    old, new = knowledge.mentions(previous), knowledge.mentions(topic)
    swap = _same_kind(old, new) or (old[0] if old and new and new[0].is_name else None)
    if swap is not None:
        return _as_written(previous, 0, swap.start) + topic + _as_written(previous, swap.end, len(fold(previous)))
    names = (
        [] if new else _names(previous, old)
    )  # a notion is asked about all that was asked, not about its names alone
    about = ("，" if chinese else ", ").join(names) or previous.rstrip("？?。. ")
    return f"{topic}？（{about}）" if chinese else f"{topic}? ({about})"


def _same_kind(old: Sequence[Mention], new: Sequence[Mention]) -> Mention | None:
    kinds = {mention.kind for mention in new if mention.term}
    return next((mention for mention in old if mention.kind in kinds), None)


def _topic(text: str, earlier: Sequence[str], knowledge: Knowledge, known: Sequence[Mention]) -> str:
    """What the latest earlier question that names anything was about, as far as `text` does not say otherwise.

    Names of texts, people, bodies and places go on; what was asked about them goes on only where `text` is no question
    of its own (“And for SMEs?”). A name of the same sort as one in `text` was replaced by it.
    """
    aliases = {mention.alias for mention in known}
    replaced = {mention.kind for mention in known} & NAMED_KINDS | ({"person"} if _WHO.search(fold(text)) else set())
    goes_on = bool(_GOES_ON.match(fold(text).strip()))
    for previous in reversed(earlier):
        mentions = [mention for mention in knowledge.mentions(previous) if mention.alias not in aliases]
        naming = [mention for mention in mentions if mention.is_name]
        kept = mentions if goes_on else [mention for mention in naming if mention.kind not in replaced]
        names = _names(previous, kept or ([] if naming else mentions))
        if names:
            return ("，" if language_of(previous) == "zh" else ", ").join(names)
    return ""


def _names(text: str, mentions: Sequence[Mention]) -> list[str]:
    """Each name once, as the text has it."""
    once = {mention.alias: _as_written(text, mention.start, mention.end) for mention in reversed(mentions)}
    return list(reversed(once.values()))
