"""Pack the library's known questions for `rag.known_questions`: after a change of theirs, of the term sheet, the
analyser or the bundled encoder. A test says when that is due.

    .venv/bin/python tools/pack_questions.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rag.knowledge import Knowledge
from rag.known_questions import FOLDER, pack
from sources.catalogue import load_catalogue
from sources.known_questions import load_known_questions
from sources.library import LANGUAGES


def main() -> None:
    """Write one folder a language."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    knowledge = Knowledge.load({entry.id: entry.names() for entry in load_catalogue()})
    questions = load_known_questions()
    for language in LANGUAGES:
        own = [question for question in questions if question.language == language]
        pack(own, knowledge.mentions, folder / language)
        print(f"{language}: {len(own)} questions")


if __name__ == "__main__":
    main()
