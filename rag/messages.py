"""Every sentence that the program itself says to a reader, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer import Status

_REASONS: dict[Status, dict[str, str]] = {
    Status.NOT_IN_SOURCES: {
        "zh": "资料中没有找到能回答这个问题的内容。下面是最接近的段落，它们谈到了相关主题，但没有给出所问的内容。",
        "en": "The sources do not hold an answer to this. The nearest passages are below; "
        "they touch the subject but do not say what was asked.",
    },
    Status.OUT_OF_SCOPE: {
        "zh": "这个问题不在资料范围之内：这里只收录首届人工智能安全峰会及相关人工智能治理文件。",
        "en": "This is outside what the sources cover: the first AI Safety Summit and the AI governance texts "
        "related to it.",
    },
    Status.NEEDS_CLARIFICATION: {
        "zh": "问题所指不够明确，请说明是哪一份文件、哪个机构或哪件事。",
        "en": "It is not clear what the question refers to; please name the document, body or event.",
    },
    Status.PREMISE_REJECTED: {
        "zh": "问题的前提与资料不符。资料的说法是：",
        "en": "The question assumes something that the sources contradict. They say:",
    },
    Status.FAILED: {
        "zh": "回答时出错，请再试一次。",
        "en": "Answering failed; please try again.",
    },
}
_NOT_OF_THESE_TEXTS = {
    "zh": "这个问题与所收文本谈的事情无关。",
    "en": "This is outside what the texts at hand speak of.",
}
_NO_SUCH_PLACE = {
    "zh": "{source}没有{place}。下面是最接近的段落。",
    "en": "{source} has no {place}. The nearest passages are below.",
}
_EMPTY_QUESTION = {"zh": "请输入一个问题。", "en": "Please ask a question."}
_UNANSWERED = {
    "zh": "问题中的这一部分，资料没有回答：{parts}",
    "en": "The sources do not answer this part of the question: {parts}",
}


def reason(status: Status, language: str, *, of_the_library: bool = True) -> str:
    """Why the status is what it is; empty for an answer. `of_the_library`: whether a text at hand is of the library."""
    told = _REASONS.get(status, {})
    if status is Status.OUT_OF_SCOPE and not of_the_library:
        told = _NOT_OF_THESE_TEXTS
    return told.get("zh" if language == "zh" else "en", "")


def no_such_place(source: str, place: str, language: str) -> str:
    """Why nothing is said of a place that its text does not have."""
    return _NO_SUCH_PLACE["zh" if language == "zh" else "en"].format(source=source, place=place)


def unanswered(parts: Sequence[str], language: str) -> str:
    """What to say of the parts of an answered question that are not answered; empty where there are none."""
    zh = language == "zh"
    quoted = ("、" if zh else ", ").join(f"“{part}”" for part in parts)
    return _UNANSWERED["zh" if zh else "en"].format(parts=quoted) if parts else ""


def empty_question(language: str) -> str:
    """What to say to a question without a letter in it."""
    return _EMPTY_QUESTION["zh" if language == "zh" else "en"]
