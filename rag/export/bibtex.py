"""Notes as BibTeX; the quote and its anchor are fields of their own, which other programs keep and ignore."""

from __future__ import annotations

import re

from rag.export.note import Conversation, Note

# Braces and backslashes become commands, so that every field stays balanced whatever a quote holds.
_COMMANDS = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "\n": r"\newline{}", "\t": r"\tab{}",
    **{character: "\\" + character for character in "&%$#_"},
}  # fmt: skip
_CHARACTERS = {command: character for character, command in _COMMANDS.items()}
_COMMAND = re.compile("|".join(re.escape(command) for command in sorted(_CHARACTERS, key=len, reverse=True)))


def write_bibtex(conversation: Conversation) -> str:
    """One @misc entry a note."""
    return "\n\n".join(_entry(note) for note in conversation.notes) + "\n"


def escape(text: str) -> str:
    """`text` as the content of a braced field."""
    return "".join(_COMMANDS.get(character, character) for character in text)


def unescape(text: str) -> str:
    """What `escape` was given."""
    return _COMMAND.sub(lambda found: _CHARACTERS[found[0]], text)


def _entry(note: Note) -> str:
    fields = {
        "title": "{" + escape(note.title) + "}",
        "author": "{" + escape(note.issuer) + "}" if note.issuer else "",
        "year": str(note.published.year) if note.published else "",
        "date": note.published.isoformat() if note.published else "",
        "url": note.url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"),
        "urldate": note.read_on.isoformat() if note.read_on else "",
        "langid": "chinese" if note.language == "zh" else "english",
        "note": escape(note.place),
        "quote": escape(note.quote),
        "snapshot": str(note.anchor),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{note.key},", *lines, "}"])
