"""From the names on a command line to running parts: the index, followed across rebuilds, and who answers from it."""

from __future__ import annotations

import gc
import logging
import os
import threading
from functools import partial
from itertools import chain
from pathlib import Path

from threadpoolctl import threadpool_limits

from index.default import DEFAULT_INDEX_FOLDER, open_or_build
from index.live import LiveIndex
from rag.answerer import Answerer
from rag.generate import generator_named
from rag.rerank import NONE, reranker_named
from sources.catalogue import load_catalogue
from ui.examples import THEMES
from ui.service import LiveService, Servicing

_log = logging.getLogger(__name__)


def open_service(index_folder: Path | None, generator_name: str, reranker_name: str = NONE) -> LiveService:
    """The parts over an index, None meaning the bundled one.

    Raises IndexFault, GeneratorFault, RerankerUnavailable or SourceError.
    """
    if index_folder is None:
        open_or_build(None)  # built where it is missing or old
    live_index = LiveIndex(index_folder or DEFAULT_INDEX_FOLDER)
    _use_one_thread()
    generator = generator_named(generator_name, api_key=os.environ.get("OPENAI_API_KEY", ""))
    return LiveService(
        live_index, load_catalogue(), partial(Answerer, generator=generator, reranker=reranker_named(reranker_name))
    )


def _use_one_thread() -> None:
    """Compare a question with the passages in the thread that asks.

    The product is too small to share: the threads of the matrix library would wait for one another, and do so busily,
    which costs a server with many askers twice the time of the answer itself.
    """
    threadpool_limits(1, user_api="blas")


def warm_up(service: Servicing, *, with_answers: bool) -> None:
    """Load what the first questions would wait for, in a thread of its own; a model is not asked for that.

    What is loaded until then stays, so the collector of cycles is told to look past it: with the texts in memory
    each look would hold up every answer under way for a tenth of a second.
    """
    threading.Thread(target=_warm_up, args=(service, with_answers), name="warm-up", daemon=True).start()


def _warm_up(service: Servicing, with_answers: bool) -> None:
    now = service.now()
    try:
        now.shelf.search("人工智能安全峰会 AI Safety Summit")
        if with_answers:
            for theme in THEMES:
                for question in chain.from_iterable(theme.questions.values()):
                    now.answerer.answer(question)
    except Exception:  # noqa: BLE001 — the first question will meet the same fault, and tell it to who asked
        _log.exception("warming up failed")
    gc.freeze()
    gc.enable()
