"""A conversation as one HTML file that needs nothing else: no script, no picture, no request."""

from __future__ import annotations

import html

from rag.answer import Answer, Claim
from rag.export.note import Conversation, Note
from rag.export.styles import own_style
from rag.export.wording import read_day, status_label, support_label, words

_STYLE = """
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.7; color: #22262a; background: #fbfaf6;
  font-family: "Iowan Old Style", Palatino, "Songti SC", "Noto Serif CJK SC", SimSun, Georgia, serif; }
h2 { font-size: 1.1rem; margin-top: 2.2rem; } sup a { text-decoration: none; color: #1f5a52; }
.support { color: #5d6468; font-size: .85em; } .claim .words, blockquote { white-space: pre-wrap; }
blockquote { margin: .4rem 0; padding-left: .8rem; border-left: 3px solid #e2dfd6; } code { overflow-wrap: anywhere; }
"""


def write_page(conversation: Conversation) -> str:
    """The whole file."""
    word = words(conversation.language)
    facts = [f"{word['exported']} {conversation.day.isoformat()}"]
    facts += [f"{word['index']} {', '.join(conversation.index_ids)}"] if conversation.index_ids else []
    language = conversation.language if conversation.language.startswith("zh") else "en"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{language}"><head><meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(word['title'])}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{_text(word['title'])}</h1><p>{_text(' · '.join(facts))}</p>",
            *(_answer(answer, conversation) for answer in conversation.answers),
            f"<h2>{_text(word['notes'])}</h2><ol>",
            *(_note(note, conversation.language) for note in conversation.notes),
            f"</ol><p><code>{_text(word['verify'])}</code></p></body></html>",
            "",
        ]
    )


def _answer(answer: Answer, conversation: Conversation) -> str:
    lines = [f"<h2>{_text(answer.question)}</h2>"]
    if (answer.reason and not answer.note) or not answer.claims:
        status = status_label(answer.status, conversation.language)
        lines.append(f"<p><strong>{_text(status)}</strong> {_text(answer.reason)}</p>")
    lines += [_claim(claim, conversation) for claim in answer.claims]
    lines += [f"<p>{_text(answer.note)}</p>"] if answer.note and answer.claims else []
    if answer.nearest:
        near = "".join(f"<li>{_text(citation.title)} · {_text(citation.place)}</li>" for citation in answer.nearest)
        lines.append(f"<p>{_text(words(conversation.language)['nearest'])}</p><ul>{near}</ul>")
    return "\n".join(lines)


def _claim(claim: Claim, conversation: Conversation) -> str:
    numbers = conversation.numbers_of(claim.citations)
    marks = "".join(f'<sup><a href="#note-{number}">[{number}]</a></sup>' for number in numbers)
    heading = f"<strong>{_text(claim.heading)}</strong> " if claim.heading else ""
    label = support_label(claim, conversation.language)
    noted = " ".join(map(str, numbers))
    return (
        f'<p class="claim" data-notes="{noted}" data-support="{_text(label)}">{heading}'
        f'<span class="words">{_text(claim.text)}</span>{marks} <span class="support">{_text(label)}</span></p>'
    )


def _note(note: Note, language: str) -> str:
    link = f' <a href="{_text(note.url)}" rel="noreferrer noopener">↗</a>' if note.url else ""
    return (
        f'<li id="note-{note.number}" value="{note.number}">{_text(own_style(note, language))}{link}'
        f'<blockquote lang="{_text(note.language)}">{_text(note.quote)}</blockquote>'
        f'<code class="anchor">{_text(str(note.anchor))}</code> · {_text(read_day(note.read_on, language))}</li>'
    )


def _text(text: str) -> str:
    return html.escape(text, quote=True)
