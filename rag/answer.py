"""Answer and its parts: what the answer path returns, and what the web page and the evaluation read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from index.passage import Hit
from sources.edition import Origin


class Status(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_IN_SOURCES = "not_in_sources"
    PREMISE_REJECTED = "premise_rejected"
    OUT_OF_SCOPE = "out_of_scope"
    NEEDS_CLARIFICATION = "needs_clarification"
    FAILED = "failed"

    @property
    def abstained(self) -> bool:
        """Whether the program declined to answer."""
        return self in (Status.NOT_IN_SOURCES, Status.OUT_OF_SCOPE, Status.NEEDS_CLARIFICATION)


class Support(StrEnum):
    """How a claim stands to what it cites."""

    VERBATIM = "verbatim"  # the claim is the quote
    GLOSS = "gloss"  # the claim is this project's digest of the quoted unit
    SUPPORTED = "supported"  # a generated sentence whose every number, name and content word the quote holds
    PARTIAL = "partial"
    MISATTRIBUTED = "misattributed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim rests: `quote` is exactly `start:end` of the edition's canonical text."""

    source_id: str
    edition_key: str
    language: str
    origin: Origin
    locator: str
    start: int
    end: int
    quote: str
    title: str
    place: str  # the locator as people read it, in the answer's language


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, with what it rests on; never without a citation."""

    text: str
    support: Support
    citations: tuple[Citation, ...]
    heading: str = ""  # row label in a comparison or list, else empty


@dataclass(frozen=True, slots=True)
class Rejection:
    """A passage that was retrieved and not used, and why."""

    hit: Hit
    reason: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What keeps a nearest passage from being an answer.

    `missing` are words of the question that it does not hold; `lacks` is the sort of thing asked for (`rag.sorts.Sort`)
    that it does not hold, or "".
    """

    missing: tuple[str, ...] = ()
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Settling:
    """What would settle a question that was declined: a source that tells what it asks for.

    `kind` is the sort of thing (`rag.sorts.Sort`), or the kind of question where it asks for no such sort;
    `digests` are (source id, title) of nearest sources whose official text is not held.
    """

    kind: str = ""
    digests: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """Everything that is known about one answered, or declined, question.

    `reason` says in the reader's language why the status is what it is (empty when answered);
    `nearest` are the closest passages when declining, `shortfalls` why each is no answer, `settling` what would be one;
    `standalone` is the rewritten question or None;
    `confidence` in [0, 1]; `timings_ms` per step.
    """

    question: str
    language: str
    status: Status
    claims: tuple[Claim, ...]
    reason: str = ""
    nearest: tuple[Citation, ...] = ()
    standalone: str | None = None
    confidence: float = 0.0
    hits: tuple[Hit, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    index_id: str = ""
    trace: Mapping[str, object] = field(default_factory=dict)
    generator: str = "extractive"
    shortfalls: tuple[Shortfall, ...] = ()
    settling: Settling | None = None

    @property
    def note(self) -> str:
        """What an answer leaves open, to be said after its claims; any other status has its reason said first."""
        return self.reason if self.status is Status.ANSWERED else ""

    @property
    def text(self) -> str:
        """The answer as plain text: its claims in order, or the reason where there are none."""
        if not self.claims:
            return self.reason
        chinese = self.language == "zh"
        joint, colon = ("", "：") if chinese else (" ", ": ")
        lines = [f"{claim.heading}{colon}{claim.text}" if claim.heading else claim.text for claim in self.claims]
        body = "\n".join(lines) if any(claim.heading for claim in self.claims) else joint.join(lines)
        return f"{self.reason}{joint}{body}" if self.status is Status.PREMISE_REJECTED and self.reason else body
