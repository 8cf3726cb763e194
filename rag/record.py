"""Answer → run record: the flat JSON that the evaluation scores and `--json` prints."""

from __future__ import annotations

from index.passage import Passage
from rag.answer import Answer, Citation, Settling


def _span_record(span: Citation | Passage) -> dict[str, object]:
    """Where a span stands, as JSON."""
    return {
        "source_id": span.source_id,
        "edition": span.language,
        "origin": span.origin.value,
        "edition_key": span.edition_key,
        "locator": span.locator,
        "start": span.start,
        "end": span.end,
    }


def citation_record(citation: Citation) -> dict[str, object]:
    """One citation as JSON: enough to find and check the quote."""
    return {**_span_record(citation), "quote": citation.quote, "title": citation.title, "place": citation.place}


def settling_record(settling: Settling) -> dict[str, object]:
    """What would settle a declined question, as JSON."""
    return {"kind": settling.kind, "digests": [{"source_id": name, "title": title} for name, title in settling.digests]}


def answer_record(answer: Answer, *, case_id: str = "", versions: dict[str, str] | None = None) -> dict[str, object]:
    """The run record of one answer."""
    return {
        "id": case_id,
        "question": answer.question,
        "standalone": answer.standalone,
        "status": answer.status.value,
        "abstained": answer.status.abstained,
        "answer": answer.text,
        "reason": answer.reason,
        "lang": answer.language,
        "confidence": round(answer.confidence, 4),
        "claims": [
            {
                "text": claim.text,
                "support": claim.support.value,
                "heading": claim.heading,
                "citations": [citation_record(citation) for citation in claim.citations],
            }
            for claim in answer.claims
        ],
        "nearest": [citation_record(citation) for citation in answer.nearest],
        "shortfalls": [{"missing": list(found.missing), "lacks": found.lacks} for found in answer.shortfalls],
        "settling": settling_record(answer.settling) if answer.settling else None,
        "retrieved": [
            {
                **_span_record(hit.passage),
                "score": round(hit.score, 6),
                "stage": "fused",
                "scores": {method.value: round(score, 6) for method, score in hit.scores.items()},
                "ranks": {method.value: rank for method, rank in hit.ranks.items()},
            }
            for hit in answer.hits
        ],
        "timings_ms": {name: round(value, 3) for name, value in answer.timings_ms.items()},
        "versions": {"index": answer.index_id, "generator": answer.generator, **(versions or {})},
    }
