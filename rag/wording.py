"""Words of a question that ask, order or fill, and so name no topic."""

from __future__ import annotations

import re

from index.analyser import fold
from sources.numerals import ZERO_TO_TWENTY, chinese_to_int

_ASKING = re.compile(
    r"什么时候|为什么|怎么样|为什么|什么|甚么|哪些|哪个|哪位|哪里|哪儿|哪条|哪几[个位类种项]?|哪[一1]?[条款项章]|哪|多少|多久|多快|多大|几个|几[名位家项条]|几|"
    r"如何|怎样|怎么|怎|为何|为啥|干嘛|谁|是否|是不是|有没有|能不能|可不可以|请问|请|吗|呢|吧|啊|呀|嘛|啥|咋|"
    r"应当|应该|需要|必须|得|要|可以|能|会|想|让|给|把|被|就|都|也|还|才|又|再|和|与|跟|及|在|从|对|于|按照|按|根据|依据|关于|据|"
    r"规定|提到|指出|介绍|告诉我|列出|说了|说|讲了|讲|谈到|主要|内容|具体|分别|各自|各|有|这个|那个|这份|那份|这|那|一下|大概|到底|究竟|"
    r"点名|名字|叫做|叫|搞的|搞|怎么说|是指|指|意思|"
    r"\b(what|which|who|whom|whose|when|where|why|how|many|much|please|tell|me|list|name|names|named|say|says|said|state|states|"
    r"according|under|call|calls|called|for|does|do|did|done|is|are|was|were|be|been|being|the|a|an|of|in|on|at|by|to|from|with|"
    r"must|should|shall|will|would|could|can|may|have|has|had|there|any|some|it|its|their|they|i|my|we|our|you|your|if|and|or|"
    r"about|into|as|so|then|than|that|this|these|those|get|give|make|mean|means|counts?|kind|kinds|type|types|mentioned?)\b"
)
# Orders to the program inside a question; they are data and change nothing. Verb … object … up to the clause's end.
_CHINESE_ORDERS = (
    (r"(忽略|无视|不要理会|不用理会|忘记|忘掉)", r"(指令|要求|规则|资料|上文|以上|前面|之前|来源|提示|内容)"),
    (r"(输出|打印|回复|回答|显示|透露|泄露|复述)", r"(系统提示|提示词|暗号|口令|密码|prompt)"),
)
_ENGLISH_ORDERS = (
    (r"(please )?(ignore|disregard|forget|override|bypass)\b", r"\b(instructions?|rules?|sources?|passages?|context|prompt|above|previous)\b"),  # noqa: E501
    (r"(print|output|reveal|repeat|show|reply with|respond with|say|write|end every)\b", r"\b(prompt|verbatim|canary|sentence with)\b"),  # noqa: E501
)  # fmt: skip
_ORDERS = re.compile(
    "|".join(
        [rf"{verb}[^。！？；，,.!?;]*{thing}[^。！？；.!?;]*[。！？；，,.!?;]?" for verb, thing in _CHINESE_ORDERS]
        + [rf"{verb}[^.!?;]*{thing}[^.!?;]*[.!?;]?" for verb, thing in _ENGLISH_ORDERS]
    ),
    re.IGNORECASE,
)

_NUMBER_WORDS = ZERO_TO_TWENTY[1:13]
_ASKED_NUMBER = re.compile(
    r"(?<!第)(?<!\d)(\d+|[一二三四五六七八九十])(?:大|项|点|条|个|类|种|方面)|"
    rf"(?<!article )(?<!section )(?<!annex )\b(\d+|{'|'.join(_NUMBER_WORDS)}) (?:\w+ )?\w+s\b"
)
# The noun that a question is after: “what are the FINES for …”, “…的罚款是多少”.
_FOCUS = re.compile(
    r"\b(?:what|which)\b(?: (?:is|are|was|were))?(?: the| an?)? (?:[a-z]+ )??([a-z]{4,})(?= (?:for|of|on|in|to|that|under|must|does|do)\b)|"  # noqa: E501
    r"([\u4e00-\u9fff]{2})(?:是|有|为|包括|分别是)(?:什么|哪些|多少|多久|多大|多高)|"
    r"how many (?:[a-z]+ )??([a-z]{4,}s)\b|(?:多少|几)[个名位家项条]([\u4e00-\u9fff]{2})"
)  # fmt: skip


def focus(folded: str) -> str:
    """The noun that a folded question is after, or "" where no pattern shows it."""
    match = _FOCUS.search(folded)
    return next(filter(None, match.groups())) if match else ""


def counted_noun(folded: str) -> str:
    """The noun that a folded question wants counted, or ""."""
    match = _FOCUS.search(folded)
    return (match[3] or match[4] or "") if match else ""


def asked_number(folded: str) -> int:
    """How many things a folded question says it asks for (“哪5点”, “the five goals”), or 0."""
    match = _ASKED_NUMBER.search(folded)
    if match is None:
        return 0
    said = next(filter(None, match.groups()))
    if said.isdigit():
        return int(said)
    return ZERO_TO_TWENTY.index(said) if said.isascii() else chinese_to_int(said)


def without_orders(text: str) -> str:
    """The question without orders to the program; unchanged where nothing would be left."""
    rest = _ORDERS.sub(" ", text).strip()
    return rest if sum(map(str.isalnum, rest)) >= 4 else text


def gives_orders(text: str) -> bool:
    """Whether the question orders the program about."""
    return bool(_ORDERS.search(text))


def strip_asking(folded: str) -> str:
    """The folded question without the words that ask."""
    return _ASKING.sub(" ", folded)


def content(folded: str) -> str:
    """The folded question without the words that ask; unchanged where nothing would be left."""
    rest = strip_asking(folded)
    return rest if rest.strip() else folded


def folded_content(text: str) -> str:
    """`content` of a text that was not folded yet."""
    return content(fold(text))
