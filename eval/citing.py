"""Citation measures of one answer.

Validity = citations whose span exists and whose quote is exactly that slice / citations.
Coverage = claims with at least one valid citation / claims.
CiteRecall_gold = max over sufficient sets of cited members / members. A piece of evidence is cited if citations
cover at least half of its span, **or** one citation of at least four characters lies wholly within its unit: an exact
sentence out of a long official unit is a citation of that unit.
CitePrecision_gold = gold units among the cited / (cited units + broken citations), so that citing a whole
text to be on the safe side counts every unit of it. Its characters: gold ones among the cited.
Claim support (a proxy): claims whose words stand in a cited span, see `eval.wording.lexical_support`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.gold import Gold, Place
from eval.measures import Placed, character_precision, ranked_units
from eval.runrecord import RunRecord, placed
from eval.spans import SpanMap, contains, coverage, length_map, merge_map
from eval.wording import lexical_support
from sources.edition import Edition

CITED = 0.5
SHORTEST_CITATION = 4


def placed_citations(record: RunRecord, editions: Mapping[str, Edition]) -> tuple[list[Placed], int]:
    """Valid citations, and how many are broken."""
    places = [placed(citation, editions) if citation.quote is not None else None for citation in record.citations]
    return [place for place in places if place is not None], sum(place is None for place in places)


def is_cited(places: Sequence[Place], citations: Sequence[Placed], spans: SpanMap) -> bool:
    """Whether a piece of evidence is cited at any of its places."""
    for place in places:
        if place.spans and coverage(place.spans, spans.get(place.edition_key, ())) >= CITED:
            return True
        for key, span in citations:
            if key == place.edition_key and span[1] - span[0] >= SHORTEST_CITATION and contains(place.unit, span):
                return True
    return False


def citation_recall(gold: Gold, citations: Sequence[Placed]) -> float:
    """CiteRecall_gold."""
    spans = merge_map(citations)
    cited = {name: is_cited(gold.places.get(name, ()), citations, spans) for name in gold.required}
    return max((sum(cited[name] for name in group) / len(group) for group in gold.sufficient if group), default=0.0)


def citation_precision(gold: Gold, citations: Sequence[Placed], broken: int, editions: Mapping[str, Edition]) -> float:
    """CitePrecision_gold; 0 where nothing is cited."""
    units = set(ranked_units(citations, editions))
    total = len(units) + broken
    return len(units & gold.units) / total if total else 0.0


def citation_values(record: RunRecord, gold: Gold, editions: Mapping[str, Edition]) -> dict[str, float]:
    """Citation measures of an answer that was given; validity and coverage only where there is something to count."""
    citations, broken = placed_citations(record, editions)
    values: dict[str, float] = {"cited_characters": float(length_map(merge_map(citations)))}
    if record.citations:
        values["citation_validity"] = len(citations) / len(record.citations)
    if record.claims:
        covered = sum(
            any(placed(c, editions) for c in claim.citations if c.quote is not None) for claim in record.claims
        )
        values["claim_coverage"] = covered / len(record.claims)
        supported = [
            any(lexical_support(claim.text, c.quote or "") for c in claim.citations) for claim in record.claims
        ]
        values["claim_support"] = sum(supported) / len(supported)
    if gold.sufficient:
        values["citation_recall"] = citation_recall(gold, citations)
        values["citation_precision"] = citation_precision(gold, citations, broken, editions)
        values["citation_char_precision"] = character_precision(gold, merge_map(citations))
    return values
