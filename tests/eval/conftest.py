"""Fixtures: a hand-made source in three editions, a real index over it, and a dozen cases about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests_support import TopicEmbedder

from eval.case import Case, load_cases
from index.build import build_index
from index.store import PassageIndex
from sources.edition import Edition, Origin, Unit, UnitKind

RULES_ZH = {
    "art1.1": "第一条 公园在每年三月一日至十月三十一日开放，开放时间为早上六时至晚上九时。",
    "art2.1": "第二条 游客不得攀折树枝。",
    "art2.2": "携带犬只的游客应当使用牵引绳，绳长不超过二米。",
    "art3.1": "第三条 违反第二条的，由管理处处五十元以上二百元以下罚款。",
    "art4": "第四条 管理处每年公布三项内容：",
    "art4.1": "（一）古树名录；",
    "art4.2": "（二）经费收支；",
    "art4.3": "（三）游客人数。",
}
DIGEST_ZH = {
    "art1.1": "公园的开放期是每年3月1日到10月31日。每天早上6点开门，晚上9点关门。",
    "art2.1": "游客不可以折断树枝。",
    "art2.2": "带狗的游客要用牵引绳，绳子最长2米。",
    "art3.1": "违反第二条的人，由公园管理处罚款，数额在50元到200元之间。",
    "art4": "管理处每年要公布古树名录、经费收支和游客人数。",
}
DIGEST_EN = {
    "art1.1": "The park is open from 1 March to 31 October each year. Its gates open at 6 in the morning and close at 9 p.m.",
    "art2.1": "Visitors may not break branches off trees.",
    "art2.2": "Visitors with dogs must keep them on a leash of at most 2 metres.",
    "art3.1": "Whoever breaks article 2 is fined between 50 and 200 yuan by the park office.",
    "art4": "Every year the park office publishes the list of old trees, its accounts and the number of visitors.",
}
NEWS_ZH = {
    "p1": "松林镇的公园论坛于3月5日开幕，来自12个城市的代表参加。",
    "p2": "镇长林小树认为，没有古树，公园就没有灵魂。",
    "p3": "论坛的经费由三家本地企业捐赠，共计15万元。",
}

FILLER = range(5, 65)  # a real text is long: pouring out a short one would be an answer
RULES_ZH |= {f"art{n}": f"第{n}条 管理处保存登记簿甲册，由值班人员填写并在下班前交回。" for n in FILLER}
DIGEST_ZH |= {f"art{n}": f"登记簿由值班人员填写，下班前交给管理处（规则{n}）。" for n in FILLER}
DIGEST_EN |= {f"art{n}": f"Staff on duty fill in the register and hand it to the office (rule {n})." for n in FILLER}
NEWS_ZH |= {f"p{n}": f"记者在现场看到，展台{n}有许多居民驻足交谈。" for n in FILLER}


def make_edition(source_id: str, language: str, origin: Origin, title: str, texts: Mapping[str, str]) -> Edition:
    """An edition whose units are given by locator."""
    units, text = [], ""
    for locator, words in texts.items():
        start = len(text) + (1 if text else 0)
        text += ("\n" if text else "") + words
        units.append(Unit(locator, UnitKind.TEXT, start, len(text), start))
    return Edition(source_id, language, origin, title, text, tuple(units))


@pytest.fixture
def editions() -> dict[str, Edition]:
    """All editions by key."""
    made = [
        make_edition("park-rules", "zh", Origin.OFFICIAL, "公园规则", RULES_ZH),
        make_edition("park-rules", "zh", Origin.DIGEST, "公园规则", DIGEST_ZH),
        make_edition("park-rules", "en", Origin.DIGEST, "Park Rules", DIGEST_EN),
        make_edition("park-news", "zh", Origin.DIGEST, "公园新闻", NEWS_ZH),
    ]
    return {edition.key: edition for edition in made}


@pytest.fixture
def park_index(tmp_path: Path, editions: dict[str, Edition], embedder: TopicEmbedder) -> PassageIndex:
    """A real index on disk over the editions."""
    names: dict[str, dict[str, list[str]]] = {}
    for edition in editions.values():
        names.setdefault(edition.source_id, {})[edition.language] = [edition.title]
    build_index(list(editions.values()), names, tmp_path / "park")
    return PassageIndex.open(tmp_path / "park")


CASE: dict[str, object] = {
    "id": "x", "version": 1, "split": "dev", "cluster": "park-rules/art3", "pair_id": None, "lang": "zh", "source_langs": ["zh"],
    "type": "numeric", "tags": [], "difficulty": "easy", "question": "折了树枝最多要交多少钱？", "history": [], "standalone": None,
    "as_of": None, "expect": "answer",
    "nuggets": [{"id": "n1", "weight": "vital", "aliases": {"zh": ["200元", "二百元"], "en": ["200 yuan"]}, "kind": "number",
                 "value": {"num": 200, "unit": None}, "evidence": ["e1"]}],
    "forbidden": [], "evidence": {"e1": {"source_id": "park-rules", "locator": "art3.1"}}, "sufficient": [["e1"]],
    "reference": {"zh": "最多200元。", "en": "At most 200 yuan."}, "author": "author", "checked_by": "reader",
    "created": "2026-01-01", "notes": "",
}  # fmt: skip


NewCase = Callable[..., Case]


@pytest.fixture
def new_case() -> NewCase:
    """Makes a valid case with some fields changed."""
    return lambda **changes: Case.model_validate({**json.loads(json.dumps(CASE)), **changes})


@pytest.fixture
def tiny_cases() -> list[Case]:
    """The dozen cases beside this file."""
    return load_cases(Path(__file__).parent / "tiny.jsonl")
