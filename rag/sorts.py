"""Sorts of thing that a question asks for, as far as a text can be seen to lack them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rag.kinds import AnswerKind


class Sort(StrEnum):
    """Sorts of thing that a question may ask for and a text may lack."""

    COUNT = "count"
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    WHY = "why"
    PERSON = "person"
    COUNTRY = "country"
    OFFICE = "office"  # who holds it
    SPEAKER = "speaker"  # the own words of the person asked about
    MEASURE = "measure"  # a figure in minutes, pages …
    MONEY = "money"
    PEOPLE = "people"  # how many of them
    POST = "post"  # a CEO
    FOUNDER = "founder"
    AGE = "age"
    SHARE = "share"
    CITY = "city"
    UNIVERSITY = "university"


_SORT_OF_KIND = {
    AnswerKind.COUNT: Sort.COUNT,
    AnswerKind.WHEN: Sort.WHEN,
    AnswerKind.WHERE: Sort.WHERE,
    AnswerKind.WHO: Sort.WHO,
    AnswerKind.WHY: Sort.WHY,
}


@dataclass(frozen=True, slots=True)
class Given:
    """A sort of thing, how it is asked for, and the pattern it is given in; both on folded text."""

    sort: Sort
    asked: re.Pattern[str]
    pattern: re.Pattern[str]


# Offices of which it may be asked who holds them.
_POSTS = (
    ("首相", "prime minister"), ("总理", "premier|prime minister|chancellor"), ("总统", "president"), ("国王", "king"),
    ("秘书长", "secretary-general"), ("部长", "minister"), ("大臣", "minister|secretary"), ("市长", "mayor"),
    ("校长", "rector|principal"), ("董事长", "chairman|chairwoman|chair of the board"),
)  # fmt: skip
ISSUED = (
    r"发布|公布|签[署订发]|颁布|出台|印发|发表|通过|\b(?:issued|signed|published|adopted|released|announced|agreed)\b"
)
_DATED = r"\b(?:19|20)\d\d\b|\d{4}年|\d+月|日前|近期|今天|昨天"
# What a figure, a place or a person must be given in, when the question names it.
_GIVEN_IN = (
    *(
        Given(
            Sort.POST,
            re.compile(
                rf"谁是[^，,。?]{{0,12}}{zh}|{zh}(现在|如今|目前)?(是|叫)谁|\bwho(?:'s| is| was) [^,?]*\b({en})\b"
            ),
            re.compile(rf"{zh}|\b({en})\b"),
        )
        for zh, en in _POSTS
    ),
    Given(
        Sort.WHEN,
        re.compile(
            rf"(什么时候|何时|哪[一1]?[天年日]|哪个月)(被|正式|首次|才|由)?({ISSUED})|"
            rf"({ISSUED})(于|是|的)?(什么时候|何时|哪[一1]?[天年日]|哪个月|日期|时间)|"
            rf"\bwhen (?:was|were)\b[^?]*(?:{ISSUED})"
        ),
        re.compile(
            rf"(?:{_DATED})[^。;；]{{0,14}}(?:{ISSUED})|(?:{ISSUED})[^。;；]{{0,14}}(?:{_DATED})|"
            r"\b(?:of|dated) (?:\d{1,2} )?[a-z]+ (?:\d{1,2}, )?(?:19|20)\d\d\b"
        ),
    ),
    Given(
        Sort.WHERE,
        re.compile(r"下一?1?[届次场][^，,。?]{0,12}(哪里|哪儿|在哪|何处|什么地方|地点)|\bwhere\b[^?]*\bnext\b"),
        re.compile(
            r"(?=.*(?:下一?1?[届次场]|再次|将在|\b(?:next|again|will)\b))(?=.*(?:园|市|国|\bin\b|\bat\b))", re.DOTALL
        ),
    ),
    *(
        Given(Sort.MEASURE, re.compile(rf"(多少|几)个?{zh}|how many {en}"), re.compile(rf"{zh}|\b{en}"))
        for zh, en in (("分钟", "minute"), ("小时", "hour"), ("页", "page"), ("公里", "kilomet"), ("吨", "ton"))
    ),
    Given(
        Sort.MONEY,
        re.compile(
            r"多少(钱|资金|经费|预算|费用|花费)|(预算|花费|费用|经费|资金|金额|造价)(是|为|有|共|总共)?多少|(预算|造价)(是|为)|"
            r"(maximum|highest) (fine|penalty)|"
            r"how much\b[^?]*\b(money|costs?|budget|budgeted|funding|price|paid|pay|spent)\b|"
            r"^what('s| is| was| were| are| did)\b[^?]*\b(cost|costs|budget|price|prize|salary)\b|奖金|工资|薪水"
        ),
        re.compile(r"元|欧元|美元|英镑|€|\$|£|\b(eur|euros?|usd|dollars?|pounds?|yuan|million|billion)\b"),
    ),
    Given(
        Sort.PEOPLE,
        re.compile(r"(多少|(?<!哪)几)个?[人名位](?!工)|how many people"),
        re.compile(r"\d[多余]?[名位人]|\d (?:\w+ ){0,2}(people|persons|delegates|participants|members)"),
    ),
    Given(
        Sort.POST,
        re.compile(r"首席执行官|总裁|(?<![a-z])ceo(?![a-z])|chief executive"),
        re.compile(r"首席执行官|总裁|(?<![a-z])ceo(?![a-z])|chief executive"),
    ),
    Given(Sort.FOUNDER, re.compile(r"创始人|创办人|\bfounders?\b"), re.compile(r"创始人|创办|\bfound(er|ed)\b")),
    Given(Sort.AGE, re.compile(r"几岁|多大年纪|年龄|how old"), re.compile(r"岁|出生|\b(aged?|years old|born)\b")),
    Given(
        Sort.SHARE,
        re.compile(r"百分之几|百分比|占比|比例|percentage|proportion|what share"),
        re.compile(r"%|百分之|成|分之|\b(percent|per cent|half|third|quarter)\b"),
    ),
    Given(
        Sort.CITY, re.compile(r"哪[个座]?城市|which city|what city"), re.compile(r"[\u4e00-\u9fff]市(?!场)|\bcity of\b")
    ),
    Given(
        Sort.UNIVERSITY,
        re.compile(r"哪[个所]?(大学|高校|学校)|which (university|school)"),
        re.compile(r"大学|学院|\b(university|college|school)\b"),
    ),
)


@lru_cache(maxsize=256)
def given_in(asked: str) -> Given | None:
    """What the figure or place that a folded question asks for must be given in, or None."""
    return next((given for given in _GIVEN_IN if given.asked.search(asked)), None)


def sort_of_kind(kind: AnswerKind) -> Sort | None:
    """The sort that a kind of question asks for; None where any text may hold it."""
    return _SORT_OF_KIND.get(kind)
