"""A conversation as Markdown with footnotes, and reference lists as plain text in the same layout."""

from __future__ import annotations

import re

from rag.answer import Answer, Claim
from rag.export.note import Conversation, Note
from rag.export.styles import STYLES, own_style
from rag.export.wording import read_day, status_label, support_label, words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$^&=@])")
_AT_START = re.compile(r"^(\s*)([-+]|\d+(?=[.)]))")


def write_markdown(conversation: Conversation) -> str:
    """Questions as headings, each claim with its footnotes, and every quote in its footnote."""
    word = words(conversation.language)
    facts = [f"{word['exported']} {conversation.day.isoformat()}"]
    facts += [f"{word['index']} {', '.join(conversation.index_ids)}"] if conversation.index_ids else []
    parts = [f"# {word['title']}", " · ".join(facts)]
    for answer in conversation.answers:
        parts += _answer(answer, conversation)
    parts += [_footnote(note, conversation.language) for note in conversation.notes]
    parts.append("---")
    parts.append(f"`{word['verify']}`")
    return "\n\n".join(parts) + "\n"


def write_references(conversation: Conversation, style: str) -> str:
    """A numbered reference list as plain text, each entry with its quote and anchor."""
    entries = []
    for note in conversation.notes:
        lines = [
            f"[{note.number}] {STYLES[style](note, conversation.language)}",
            *(f"    > {line}" for line in note.quote.split("\n")),
        ]
        entries.append("\n".join([*lines, f"    {note.anchor} · {read_day(note.read_on, conversation.language)}"]))
    return "\n\n".join(entries) + "\n"


def escape(text: str) -> str:
    """`text` as Markdown that shows exactly these characters."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _AT_START.sub(lambda found: f"{found[1]}{_escaped_start(found[2])}", escaped)


def _escaped_start(mark: str) -> str:
    return f"\\{mark}" if not mark.isdigit() else mark + "\\"


def unescape(text: str) -> str:
    """What `escape` was given."""
    return re.sub(r"\\([\\`*_{}\[\]<>#|~$^&=@+\-.)])", r"\1", text)


def _answer(answer: Answer, conversation: Conversation) -> list[str]:
    language = conversation.language
    parts = [f"## {words(language)['question']}: {escape(_one_line(answer.question))}"]
    if (answer.reason and not answer.note) or not answer.claims:
        reason = escape(_one_line(answer.reason))
        parts.append(f"**{status_label(answer.status, language)}** {reason}".rstrip())
    parts += [_claim(claim, conversation) for claim in answer.claims]
    parts += [escape(_one_line(answer.note))] if answer.note and answer.claims else []
    if answer.nearest:
        near = [f"- {escape(citation.title)} · {escape(citation.place)}" for citation in answer.nearest]
        parts.append("\n".join([f"{words(language)['nearest']}:", "", *near]))
    return parts


def _claim(claim: Claim, conversation: Conversation) -> str:
    """One claim as a paragraph: `**heading** text [^1][^2] _verbatim_`; a line break in it is a hard one."""
    heading = f"**{escape(_one_line(claim.heading))}** " if claim.heading else ""
    text = "\\\n".join(escape(line) for line in claim.text.split("\n"))
    marks = "".join(f"[^{number}]" for number in conversation.numbers_of(claim.citations))
    return f"{heading}{text} {marks} _{support_label(claim, conversation.language)}_"


def _footnote(note: Note, language: str) -> str:
    quote = [f"    > {escape(line)}" for line in note.quote.split("\n")]
    return "\n".join(
        [
            f"[^{note.number}]: {escape(own_style(note, language))}",
            "",
            *quote,
            "",
            f"    `{note.anchor}` · {read_day(note.read_on, language)}",
        ]
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
