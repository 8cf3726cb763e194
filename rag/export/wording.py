"""The words that exports put around what is quoted: simplified and traditional Chinese, and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from rag.answer import Claim, Status, Support
from sources.edition import Origin

# What may stand after a claim that repeats its quote character for character.
EXACT_LABELS = frozenset({"原文", "译文", "譯文", "摘要", "verbatim", "translation", "digest"})
GLOSS_LABELS = frozenset({"转述", "轉述", "gloss"})

_TRADITIONAL = re.compile(r"-(TW|HK|MO|Hant)\b", re.IGNORECASE)
_WORDS = {
    "zh-CN": {
        "title": "布莱奇利问答记录",
        "exported": "导出日期",
        "index": "索引",
        "question": "问",
        "notes": "出处",
        "verify": "核对方法：python -m rag verify 本文件",
        "read_on": "读取日期",
        "not_recorded": "未记录",
        "digest_note": "本项目摘要，非原文",
        "nearest": "最接近的段落",
        "status_answered": "已回答",
        "status_partial": "部分回答",
        "status_not_in_sources": "文本中没有",
        "status_premise_rejected": "前提与文本不符",
        "status_out_of_scope": "超出范围",
        "status_needs_clarification": "请再说明一点",
        "status_failed": "出错了",
        "official": "原文",
        "translation": "译文",
        "digest": "摘要",
        "gloss": "转述",
        "supported": "已核对",
    },
    "zh-TW": {
        "title": "布萊奇利問答記錄",
        "exported": "匯出日期",
        "index": "索引",
        "question": "問",
        "notes": "出處",
        "verify": "核對方法：python -m rag verify 本檔案",
        "read_on": "讀取日期",
        "not_recorded": "未記錄",
        "digest_note": "本專案摘要，非原文",
        "nearest": "最接近的段落",
        "status_answered": "已回答",
        "status_partial": "部分回答",
        "status_not_in_sources": "文本中沒有",
        "status_premise_rejected": "前提與文本不符",
        "status_out_of_scope": "超出範圍",
        "status_needs_clarification": "請再說明一點",
        "status_failed": "出錯了",
        "official": "原文",
        "translation": "譯文",
        "digest": "摘要",
        "gloss": "轉述",
        "supported": "已核對",
    },
    "en": {
        "title": "Bletchley QA: a conversation",
        "exported": "Exported on",
        "index": "Index",
        "question": "Question",
        "notes": "Sources",
        "verify": "To check every quote: python -m rag verify THIS_FILE",
        "read_on": "read on",
        "not_recorded": "not recorded",
        "digest_note": "digest in this project's own words, not the original",
        "nearest": "Nearest passages",
        "status_answered": "Answered",
        "status_partial": "Partly answered",
        "status_not_in_sources": "Not in the sources",
        "status_premise_rejected": "Premise not borne out",
        "status_out_of_scope": "Out of scope",
        "status_needs_clarification": "Needs clarification",
        "status_failed": "Something went wrong",
        "official": "verbatim",
        "translation": "translation",
        "digest": "digest",
        "gloss": "gloss",
        "supported": "supported",
    },
}


def words(language: str) -> Mapping[str, str]:
    """The words in `language`: Chinese in the script that is written there, English for everything else."""
    if not language.startswith("zh"):
        return _WORDS["en"]
    return _WORDS["zh-TW" if _TRADITIONAL.search(language) else "zh-CN"]


def read_day(day: date | None, language: str) -> str:
    """When a text was read, or that this is not recorded."""
    word = words(language)
    return f"{word['read_on']} {day.isoformat() if day else word['not_recorded']}"


def support_label(claim: Claim, language: str) -> str:
    """How the claim stands to its quote, in a word."""
    word = words(language)
    if claim.support is Support.VERBATIM:
        return word[(claim.citations[0].origin if claim.citations else Origin.OFFICIAL).value]
    return word["gloss"] if claim.support is Support.GLOSS else word["supported"]


def status_label(status: Status, language: str) -> str:
    """The status in words."""
    return words(language)[f"status_{status.value}"]
