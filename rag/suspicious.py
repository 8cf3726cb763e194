"""Suspicious text: words in a source that order the program about, hide, or pretend to be its own delimiters.

Such text changes nothing in the answer path, which quotes and never obeys. It is flagged in the trace, and a language
model never gets to see the sentence. Governance texts are full of “must”; what counts here are orders to whoever
reads for a machine: to forget instructions, to play a part, to reveal a prompt, to answer in a given way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from index.analyser import fold
from rag.sentences import sentence_spans
from sources.readers.languages import language_of

_EXCERPT = 80  # characters shown of what was found


class Trick(StrEnum):
    """What is suspicious about a text."""

    ORDER = "order"  # instructions to the program or a language model
    HIDDEN = "hidden"  # characters that people cannot see
    DELIMITER = "delimiter"  # marks by which prompts and chats are divided


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One finding with the words, or the character names, that show it."""

    trick: Trick
    excerpt: str


# Invisible letters: tags, zero-width marks, direction overrides, invisible operators, variation selectors.
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f\U000e0100-\U000e01ef\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
# A soft hyphen, a byte order mark, an emoji's joiner or selector is a habit of typesetters; alone it is no trick.
_HARMLESS = frozenset("\u00ad\ufeff\u200d\ufe0e\ufe0f\u200e\u200c\x0c")
_TOLERATED = 2  # other invisible characters in one text, left behind by copying from a web page
_ALWAYS = re.compile(r"[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_DELIMITER = re.compile(
    r"<\|[^|>\n]{1,40}\|>|\[/?inst\]|<</?sys>>|</?s>|<(?:start|end)_of_turn>|```\s*(?:system|prompt)|"
    r"</?(?:system|assistant|user|passage|source|context|document|instructions?|tool_call|think)\b[^>\n]{0,40}>|"
    r"^\s*#{2,}\s*(?:system|instructions?|user|assistant)\b|"
    r"^\s*(?:system|assistant|user|human|系统|助手|用户)\s*[:：]\s|"
    r"-{3,}\s*(?:end|begin) of|={3,}\s*(?:end|begin)|\bend of (?:the )?(?:passage|context|source)s?\b|"
    r"(?:passage|context|source)s? ends? here|(?:资料|段落|上下文|引文|材料)(?:到此)?结束",
    re.MULTILINE,
)
_MACHINE = (
    r"(?:instructions?\b(?! for| of| on)|prompts?|(?:system|hidden) (?:message|prompt)s?|directives?|"
    r"guidelines? (?:above|you were)|rules above|previous (?:rules?|context|messages?|conversation)|"
    r"everything (?:above|before)|(?:all|any)(?: of)?(?: the)? (?:above|previous|prior|earlier))"
)
_MODEL = r"(?:ai (?:assistant|model|reader|agent|system)|llm|language model|assistant|chat ?bot)s?"
_PROMPT = r"(?:system prompt|initial prompt|the prompt|your (?:prompt|instructions|rules)|hidden \w+|api key)"
_CHINESE_MODEL = r"(?:助手|模型|机器人|黑客|管理员|开发者|人工智能)"
_CHINESE_READER = r"(?:ai助手|大模型|大语言模型|语言模型|人工智能助手|聊天机器人|智能助手)"
_ORDERS = (
    rf"\b(?:ignore|disregard|forget|override|bypass|neglect|(?:do not|don't) follow)\b[^.!?\n]{{0,60}}\b{_MACHINE}",
    r"\b(?:you are|you're|pretend (?:to be|you are)|roleplay as) (?:now |no longer |hereby )*(?:an? |the )?"
    r"(?:\w+ ){0,3}(?:ai|assistant|chat ?bot|model|dan|mode|unrestricted|jailbroken)\b",
    r"\b(?:act|behave) (?:as|like) (?:an? |the |my )?(?:\w+ ){0,2}(?:assistant|chat ?bot|language model|dan|hacker)\b",
    rf"\b(?:reveal|print|output|repeat|show|leak|disclose|display)\b[^.!?\n]{{0,40}}\b{_PROMPT}",
    r"\b(?:respond|reply|answer|say|output|write|end (?:every|your))\b[^.!?\n]{0,30}\b"
    r"(?:only|exactly|verbatim|nothing but|with the (?:words?|phrase|sentence|following))\b[^.!?\n]{0,20}[\"“‘':：]",
    rf"\b{_MODEL}\b[^.!?\n]{{0,40}}\b(?:reading|processing|summari[sz]ing|seeing) this\b",
    rf"\b(?:note|message|instructions?|important|notice)\b[^.!?\n]{{0,20}}\b(?:to|for) (?:the |any |all )?{_MODEL}\b",
    r"\bnew (?:instructions?|system prompt|rules?)\s*[:：]",
    r"\b(?:when|if) (?:you are |you're )?asked\b[^.!?\n]{0,60}\b(?:answer|say|reply|respond|claim)\b",
    r"\b(?:do not|don't|never) (?:cite|mention|use|quote)\b[^.!?\n]{0,30}\bother (?:passage|source)s?",
    r"(?:忽略|无视|忘记|忘掉|不要理会|不用理会|跳过|绕过|抛开|覆盖)[^。！？\n]{0,20}"
    r"(?:指令|指示|提示词?|规则|设定|要求|对话|上文|以上|上述|之前|前面)",
    rf"(?:你|您)(?:现在|从现在起|今后|将|必须|应当|要)?(?:是|扮演|充当|作为|变成|成为)[^。！？\n]{{0,16}}{_CHINESE_MODEL}",
    rf"(?:扮演|假装(?:成|是)?|假设你是)[^。！？\n]{{0,16}}{_CHINESE_MODEL}",
    r"(?:输出|打印|显示|透露|泄露|复述|告诉|公开)[^。！？\n]{0,16}"
    r"(?:系统提示|提示词|系统指令|系统消息|密钥|口令|暗号|内部指令)",
    r"(?:请|务必|必须|只能|一律|统一|直接)(?:只|都|一律|统一)?(?:回答|回复|输出|答复|说)[^。！？\n]{0,6}[:“\"「『]",
    rf"(?:致|给|提醒|请|注意)[^。！？\n]{{0,6}}{_CHINESE_READER}[^。！？\n]{{0,4}}(?:[:,]|注意|阅读|读到|看到)",
    rf"{_CHINESE_READER}[^。！？\n]{{0,10}}(?:读到|看到|阅读|处理)(?:这|此|本)",
    r"(?:新的?|最新)(?:系统)?(?:指令|指示|提示词)(?:如下|是)?\s*:",
    r"(?:当|如果|凡是?|只要)(?:有人|用户|读者|被)?(?:问|问到|提问|询问)[^。！？\n]{0,30}(?:回答|回复|答|说)",
    r"(?:不要|不得|切勿|禁止)(?:引用|提及|使用)[^。！？\n]{0,8}(?:其他|别的|其它)(?:资料|段落|来源)",
)
_ORDER = re.compile("|".join(_ORDERS))
_SPACED = re.compile(r"\b[a-z][ ._*-][a-z][ ._*-][a-z][ ._*-][a-z]\b")  # i g n o r e


def visible(text: str) -> str:
    """The text without invisible characters, so that “ig\u200bnore” reads as it will be read."""
    return _INVISIBLE.sub("", text)


@lru_cache(maxsize=8192)
def suspicions(text: str) -> tuple[Suspicion, ...]:
    """Everything suspicious in one passage, once a trick; empty for honest text. Kept, as passages come again."""
    found = []
    if hidden := _hidden(text):
        found.append(Suspicion(Trick.HIDDEN, hidden))
    forms = _forms(text)
    for trick, pattern in ((Trick.DELIMITER, _DELIMITER), (Trick.ORDER, _ORDER)):
        match = next((match for form in forms if (match := pattern.search(form))), None)
        if match:
            found.append(Suspicion(trick, match.group().strip()[:_EXCERPT]))
    return tuple(found)


def _forms(text: str) -> list[str]:
    """The text as it may be meant: plain, spelled by tag characters, and with spaced-out letters joined."""
    plain = fold(visible(text))
    forms = [plain]
    if tags := "".join(
        chr(ord(character) - 0xE0000) for character in text if "\U000e0020" <= character <= "\U000e007e"
    ):
        forms.append(fold(tags))
    if _SPACED.search(plain):
        forms.append(re.sub(r"(?<=\b\w)[ ._*-](?=\w\b)", "", plain))
    return forms


def _hidden(text: str) -> str:
    """Names of the invisible characters, where they are more than typesetting leaves behind."""
    odd = [character for character in _INVISIBLE.findall(text) if character not in _HARMLESS]
    runs = re.search(rf"(?:{_INVISIBLE.pattern}){{3,}}", text)
    if not _ALWAYS.search(text) and len(odd) <= _TOLERATED and not runs:
        return ""
    shown = odd or list(runs.group() if runs else "")
    names = {unicodedata.name(character, f"U+{ord(character):04X}") for character in shown}
    return ", ".join(sorted(names))[:_EXCERPT]


def without_suspicious(text: str, language: str = "") -> str:
    """The text as a language model may see it: invisible characters and suspicious sentences left out."""
    if not suspicions(text):
        return visible(text)
    spans = sentence_spans(text, language or language_of(text))
    kept = [visible(text[start:end]) for start, end in spans if not suspicions(text[start:end])]
    rest = " ".join(kept)
    return rest if not suspicions(rest) else ""
