"""Example questions by theme, in both languages; every one is answered by the bundled texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme and its example questions, by language."""

    name: dict[str, str]
    questions: dict[str, tuple[str, ...]]


THEMES: tuple[Theme, ...] = (
    Theme(
        {"zh": "峰会", "en": "The summit"},
        {
            "zh": ("峰会讨论的五大目标是什么？", "什么是前沿人工智能？"),
            "en": ("What were the five objectives of the summit?", "What is frontier AI?"),
        },
    ),
    Theme(
        {"zh": "宣言", "en": "The declaration"},
        {
            "zh": ("《布莱奇利宣言》对前沿人工智能开发者有什么要求？",),
            "en": ("What did the Bletchley Declaration call for?",),
        },
    ),
    Theme(
        {"zh": "中国的办法", "en": "China's rules"},
        {
            "zh": ("生成式人工智能服务提供者发现违法内容应当怎么做？", "《全球人工智能治理倡议》提出了哪些主张？"),
            "en": ("What does the Global AI Governance Initiative propose?",),
        },
    ),
    Theme(
        {"zh": "欧盟与美国", "en": "EU and US"},
        {
            "zh": ("欧盟人工智能法禁止哪些人工智能做法？",),
            "en": (
                "Which AI practices does the EU AI Act prohibit?",
                "What does Executive Order 14110 require of developers of dual-use foundation models?",
            ),
        },
    ),
)
