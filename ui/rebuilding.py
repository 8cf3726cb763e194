"""Rebuilding the index from the page: the plan, and one build at a time in the background with its progress."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal

from index.errors import IndexFault
from sources.collection import Collection
from sources.errors import SourceError
from ui.refusals import refused_in

if TYPE_CHECKING:
    from index.build import BuildReport

STEPS = ("reading", "planning", "building", "done")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a build stands; `step` counts from 0 and is one of STEPS, `detail` is a sentence or the plan."""

    state: Literal["idle", "running", "done", "failed"] = "idle"
    step: int = 0
    detail: str = ""
    index: str = ""
    problems: tuple[str, ...] = ()
    seconds: float = 0.0
    plan: Mapping[str, object] | None = None  # what a build changes, in figures

    def record(self, language: str = "en") -> dict[str, object]:
        """As JSON, its sentences in the reader's language."""
        return {
            "state": self.state,
            "step": STEPS[self.step],
            "done": self.step,
            "of": len(STEPS) - 1,
            "detail": "\n".join(refused_in(line, language) for line in self.detail.split("\n")),
            "index": self.index,
            "problems": [refused_in(problem, language) for problem in self.problems],
            "seconds": round(self.seconds, 2),
            "plan": dict(self.plan) if self.plan is not None else None,
        }


class Rebuilding:
    """Builds the index in `folder` from what `collect` finds; `build` does it."""

    def __init__(
        self, folder: Path, collect: Callable[[], Collection], build: Callable[[Collection], BuildReport]
    ) -> None:
        self._folder = folder
        self._collect = collect
        self._make = build
        self._lock = threading.Lock()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """Where the latest build stands."""
        return self._progress

    def plan(self) -> Progress:
        """What a build would change, in words; nothing is built."""
        collection = self._collect()
        detail, figures = self._plan(collection)
        return Progress("idle", 1, detail, problems=tuple(collection.problems), plan=figures)

    def _plan(self, collection: Collection) -> tuple[str, Mapping[str, object]]:
        """The plan in words and in figures."""
        from index.plan import plan_for, plan_in_words

        plan, seconds = plan_for(collection.editions, self._folder)
        figures = {
            "added": len(plan.added),
            "changed": len(plan.changed),
            "renamed": len(plan.renamed),
            "removed": len(plan.removed),
            "embed": len(plan.to_embed),
            "passages": plan.passages,
            "seconds": round(seconds, 1),
        }
        return plan_in_words(plan, seconds), figures

    def start(self) -> bool:
        """Begin a build in the background; False where one is running."""
        with self._lock:
            if self._progress.state == "running":
                return False
            self._progress = Progress("running")
        threading.Thread(target=self._run, name="rebuild", daemon=True).start()
        return True

    def _run(self) -> None:
        started = monotonic()
        try:
            self._progress = self._build()
        except (IndexFault, SourceError) as error:
            self._progress = replace(self._progress, state="failed", detail=_without_paths(str(error), self._folder))
        except Exception:  # noqa: BLE001 — a thread's end must be told to the page; the log has the rest
            _log.exception("the index could not be rebuilt")
            self._progress = replace(
                self._progress, state="failed", detail="The build failed and was logged; the index in use is unchanged."
            )
        self._progress = replace(self._progress, seconds=monotonic() - started)

    def _build(self) -> Progress:
        collection = self._collect()
        problems = tuple(collection.problems)
        self._progress = Progress("running", 1, problems=problems)
        detail, figures = self._plan(collection)
        self._progress = Progress("running", 2, detail, problems=problems, plan=figures)
        report = self._make(collection)
        summary = f"{report.passages} passages: {report.embedded} embedded, {report.reused} reused"
        return Progress("done", 3, summary, report.id, problems, plan=figures)


def _without_paths(sentence: str, folder: Path) -> str:
    return sentence.replace(str(folder), folder.name)
