"""What sort of answer a question asks for, told by its words."""

from __future__ import annotations

import re
from enum import StrEnum

from sources.numerals import ZERO_TO_TWENTY


class AnswerKind(StrEnum):
    """What sort of answer a question asks for."""

    FACT = "fact"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    COUNT = "count"
    LIST = "list"
    DEFINITION = "definition"
    WHY = "why"
    COMPARE = "compare"
    YES_NO = "yes_no"
    LOCATE = "locate"  # which article says …
    OVERVIEW = "overview"  # what a whole text says


FIGURE_KINDS = frozenset({AnswerKind.COUNT, AnswerKind.WHEN})  # an answer without a figure or a date is none

# What people say for the words that ask.
_SPOKEN = (
    ("为啥", "为什么"),
    ("干嘛", "为什么"),
    ("凭什么", "为什么"),
    ("啥", "什么"),
    ("咋", "怎么"),
    ("what's", "what is"),
    ("how come", "why"),
)
_NAMED_MANY = (
    r"countries|companies|agencies|bodies|departments|networks|professors|risks|rights|fields|areas|sectors|systems"
)
_NAMED_ONE = (
    r"institute|lawyer|regulator|watchdog|chief|minister|president|expert|official|professor|scholar|ambassador"
)
# Alternatives of each kind on the folded question; the first kind that matches wins.
_SIGNS: dict[AnswerKind, tuple[str, ...]] = {
    AnswerKind.COMPARE: (
        r"有(什么|何|哪些)?(不同|区别|差异|异同)|差在哪|一个意思|同一[类种个]|一回事|对得上",
        r"相比|比较|对比|区别|差别|差异|异同|不一样|一样吗|有何不同|各自|各把|各是|各有|各(提|说|讲|聊|怎|强调|要求)|哪个更",
        r"\bcompare|\bdiffer|\bversus\b|\bvs\b|in contrast|\beach (of|one)\b|\bboth\b.*\band\b|\bthe same\b",
    ),
    AnswerKind.LOCATE: (
        r"哪[一1]?[条款章节段项](?!目)|第几[条款章节段项点]|排第几|第几(?!次)|哪个条款",
        r"^where (in|is it (said|stated|written))\b",
        r"^where (does|do) .*\b(say|deal|mention|address|cover|raise|define|provide|state|regulate|treat)\b",
        r"which (article|section|paragraph|recital|annex|provision|clause)|what (article|section) ",
    ),
    AnswerKind.COUNT: (
        r"多少|(?<!哪)几[个名位国家天日年条项种人份次类家]|数量是|百分之几|比例|多大|多高",
        r"how (many|much|long|large|high|old|big)|what (percentage|share|proportion|number|amount)",
    ),
    AnswerKind.WHEN: (
        r"什么时候(?!才?(算|该|应当|应该|需要|可以|能|要))|何时|哪[一]?[天年日月]|什么日期|何日|几[月号]|期限|多久",
        r"(^|[,;:?] ?|\b(and|since|by|until|from|exactly|say|says) )when\b",
        r"(what|which) (date|day|year|time|month)|by what date|deadline|how (soon|often)|哪个月|多长时间",
        r"\bwhen (do|does|did|is|are|was|were|will|would|must|should|shall|can|has|have)\b",
    ),
    AnswerKind.WHERE: (
        r"在哪(?!些|[一1]?[条款章节])|哪里|何处|什么地方|哪儿|地点",
        r"\bwhere\b|what (place|venue|city)",
    ),
    AnswerKind.LIST: (
        r"哪些|哪几|哪[\d一二三四五六七八九十]+[个项条种大类点“]|有哪|列出|列举|包括什么|分别是|都有谁",
        rf"which (\w+ )?({_NAMED_MANY})\b|what (goes into|belongs in)\b",
        r"(?<![第0-9])[0-9]+(大|项|个|条|类).*(什么|哪)",
        rf"(which|what) (of the )?({'|'.join(ZERO_TO_TWENTY[2:13])}|\d+) ",
        r"which (of the )?\w+s\b|\blist\b|name (all|the)|enumerate",
        r"what (are|were|kinds|types|measures|steps|obligations|requirements|principles|goals|objectives|risks|areas)",
    ),
    AnswerKind.DEFINITION: (
        r"指(的是)?(什么|谁|哪些)|怎么定义|如何(定义|界定)|(怎么|如何)解释[“‘「]|什么(样的)?才?算|什么是|何谓|的定义|定义有|含义|是什么意思|什么叫|是什么[?？]?$",
        r"界定|到底(是|指)什么|什么意思|什么技术[?？]?$|指什么",
        r"what (does|do) .* mean|(what|who) (counts|qualifies) as|what is meant by|how (is|are|does) .* defin",
        r"definitions? of|meaning of|\bmeaning\W*$|\bdefine\b",
        r"what is (?!the (?:point|purpose|reason|aim)\b)(an? )?[\"“']?\w[\w\s-]*[\"”']?\??$",
        r"what is an? [\"“][^\"”]+[\"”]|what is (?!the\b)(\w[\w-]* ?){1,5},? ?(according to|under|in) ",
    ),
    AnswerKind.WHO: (
        r"谁|哪一?[位名家]|哪个(人|机构|部门|国家|组织|公司)|何人|什么(人|机构|部门|职务|身份|官)|由.{0,6}(制定|签署|发布)",
        r"[位名个者家员长人使授][^，。？?]{0,4}(都|各)?叫什么|名叫什么|叫什么名字",
        r"\bwho\b|\bwhom\b|what (body|agency)",
        r"which (body|agency|person|country|organi[sz]ation|company|official|department|authority)",
        rf"which (\w+ )?({_NAMED_ONE})\b|what (job|post|position|office) (does|did|has|is)",
    ),
    AnswerKind.WHY: (
        r"为什么|为何|原因|理由|目的|缘何|怎么会|图个?什么",
        r"\bwhy\b|what (is|was) the (purpose|reason|aim|point)|for what|what for\W*$",
    ),
    AnswerKind.YES_NO: (
        r"(?<!什)[吗么]\W*$|是否|有没有|能否|可否|需不需要|([\u4e00-\u9fff])不\1|[^\W了还]没\W*$|[^\W]不\W*$|还是",
        r"(^|[,:;.] ?(and |so |but )?)(is|are|was|were|does|do|did|can|could|may|must|should|has|have|will|would)\b",
    ),
}
_PATTERNS = tuple((kind, re.compile("|".join(signs))) for kind, signs in _SIGNS.items())


def kind_of(folded: str, besides: AnswerKind | None = None) -> AnswerKind:
    """The kind of answer that a folded question asks for, `besides` left out of account."""
    for said, meant in _SPOKEN:
        folded = folded.replace(said, meant)
    if besides is not AnswerKind.WHY and folded.startswith("why "):
        return AnswerKind.WHY
    signs = (kind for kind, pattern in _PATTERNS if kind is not besides and pattern.search(folded))
    return next(signs, AnswerKind.FACT)
