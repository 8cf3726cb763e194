"""From the names on a command line to running parts: the index, followed across rebuilds, and who answers from it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from index.default import DEFAULT_INDEX_FOLDER, open_or_build
from index.live import LiveIndex
from rag.answerer import Answerer
from rag.generate import generator_named
from sources.catalogue import load_catalogue
from ui.service import LiveService


def open_service(index_folder: Path | None, generator_name: str) -> LiveService:
    """The parts over an index, None meaning the bundled one; raises IndexFault, GeneratorFault or SourceError."""
    if index_folder is None:
        open_or_build(None)  # built where it is missing or old
    live_index = LiveIndex(index_folder or DEFAULT_INDEX_FOLDER)
    generator = generator_named(generator_name, api_key=os.environ.get("OPENAI_API_KEY", ""))
    return LiveService(live_index, load_catalogue(), partial(Answerer, generator=generator))


def warm_up(service: LiveService) -> None:
    """Load what the first question would wait for."""
    service.now().shelf.search("人工智能安全峰会 AI Safety Summit")
