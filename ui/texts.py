"""Every word of the interface, in simplified Chinese, traditional Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from ui.texts_admin import ADMIN_WORDS
from ui.texts_compare import COMPARE_WORDS
from ui.texts_declined import DECLINED_WORDS
from ui.texts_evaluation import EVALUATION_WORDS
from ui.texts_pages import PAGE_WORDS

INTERFACE_LANGUAGES = {"zh-CN": "简体中文", "zh-TW": "繁體中文", "en": "English"}
DEFAULT_LANGUAGE = "zh-CN"
COOKIE = "interface_language"  # where a browser keeps what its reader chose

# key: (zh-CN, zh-TW, en)
_TABLE: dict[str, tuple[str, str, str]] = {
    "title": ("布莱奇利问答", "布萊奇利問答", "Bletchley QA"),
    "subtitle": (
        "首届人工智能安全峰会与相关政策文本 · 每句话都有出处",
        "首屆人工智慧安全峰會與相關政策文本 · 每句話都有出處",
        "The first AI Safety Summit and its policy texts · every sentence cited",
    ),
    "language": ("界面语言", "介面語言", "Interface language"),
    "conversation": ("问答", "問答", "Conversation"),
    "question_label": (
        "您的问题；回车发送，Shift+回车换行",
        "您的問題；Enter 送出，Shift+Enter 換行",
        "Your question; Enter sends, Shift+Enter starts a new line",
    ),
    "question_placeholder": ("用中文或英文提问", "用中文或英文提問", "Ask in Chinese or English"),
    "send": ("发送", "送出", "Ask"),
    "stop": ("停止", "停止", "Stop"),
    "retry": ("重新回答", "重新回答", "Retry"),
    "edit": ("修改上一问", "修改上一問", "Edit last"),
    "clear": ("新对话", "新對話", "New chat"),
    "welcome": ("想了解什么？", "想瞭解什麼？", "What would you like to know?"),
    "welcome_note": (
        "答案只来自所收文本：逐句给出出处，点击编号即可核对原文；文本里没有的，会直接说明没有。",
        "答案只來自所收文本：逐句給出出處，點擊編號即可核對原文；文本裡沒有的，會直接說明沒有。",
        "Answers come only from the texts held here. Each sentence is cited; follow its number to check the passage. "
        "Where the texts hold no answer, you are told so.",
    ),
    "you": ("您", "您", "You"),
    "assistant": ("回答", "回答", "Answer"),
    "searching": ("正在查找文本…", "正在查找文本…", "Searching the texts…"),
    "understood_as": ("理解为", "理解為", "Understood as"),
    "edit_rewritten": ("修改", "修改", "Edit"),
    "restate": ("照此重新查找", "照此重新查找", "Search for this instead"),
    "arriving": ("正在逐句核对…", "正在逐句核對…", "Checking sentence by sentence…"),
    "sources_cited": ("出处", "出處", "Sources"),
    "original_words": ("所据原文", "所據原文", "The text it restates"),
    "permalink": ("本问答的链接", "本問答的連結", "Link to this answer"),
    "copy_answer": ("复制答案与出处", "複製答案與出處", "Copy answer with sources"),
    "copy_quote": ("复制引文", "複製引文", "Copy quote"),
    "copied": ("已复制", "已複製", "Copied"),
    # how a claim stands to what it cites
    "support_verbatim": ("原文", "原文", "verbatim"),
    "support_verbatim_translation": ("译文", "譯文", "translation"),
    "support_verbatim_digest": ("摘要", "摘要", "digest"),
    "support_gloss": ("转述", "轉述", "gloss"),
    "support_supported": ("已核对", "已核對", "supported"),
    "support_partial": ("部分支持", "部分支持", "partly supported"),
    "support_misattributed": ("出处不符", "出處不符", "misattributed"),
    "support_unsupported": ("未获支持", "未獲支持", "unsupported"),
    "gloss_badge": ("摘要转述（本项目自述）", "摘要轉述（本專案自述）", "digest (project's own words)"),
    # statuses
    "status_answered": ("已回答", "已回答", "Answered"),
    "status_partial": ("部分回答", "部分回答", "Partly answered"),
    "status_not_in_sources": ("文本中没有", "文本中沒有", "Not in the sources"),
    "status_premise_rejected": ("前提与文本不符", "前提與文本不符", "Premise not borne out"),
    "status_out_of_scope": ("超出范围", "超出範圍", "Out of scope"),
    "status_needs_clarification": ("请再说明一点", "請再說明一點", "Needs clarification"),
    "status_failed": ("出错了", "出錯了", "Something went wrong"),
    "failed_reason": (
        "回答时出了内部错误，已记入日志；请重试。",
        "回答時出了內部錯誤，已記入日誌；請重試。",
        "An internal error occurred and was logged; please retry.",
    ),
    "too_long": (
        "问题超过 {limit} 个字符，请缩短后再问。",
        "問題超過 {limit} 個字元，請縮短後再問。",
        "The question is longer than {limit} characters; please shorten it.",
    ),
    # source panel
    "panel": ("原文核对", "原文核對", "Source"),
    "panel_empty": (
        "点击答案中的编号，这里会显示所引文本的原处，并标出引文。",
        "點擊答案中的編號，這裡會顯示所引文本的原處，並標出引文。",
        "Follow a number in an answer: the cited text opens here, in its place, with the quote marked.",
    ),
    "legend": ("编号旁的字", "編號旁的字", "What stands beside a number"),
    "legend_verbatim": (
        "官方文本的原句，一字不改。",
        "官方文本的原句，一字不改。",
        "The official text's own words, unchanged.",
    ),
    "legend_digest": (
        "本项目用自己的话写的摘要，不是官方原文。",
        "本專案用自己的話寫的摘要，不是官方原文。",
        "This project's own restatement, not the official words.",
    ),
    "legend_gloss": (
        "转述另一种语言的原文，原文附在旁边。",
        "轉述另一種語言的原文，原文附在旁邊。",
        "Restates a text in the other language, which stands beside it.",
    ),
    "back_to_answer": ("回到答案", "回到答案", "Back to the answer"),
    "known_as": ("中文名称", "中文名稱", "In English"),
    "place": ("位置", "位置", "Place"),
    "heading_path": ("所在章节", "所在章節", "Under"),
    "origin": ("文本性质", "文本性質", "Kind of text"),
    "issuer": ("发布者", "發佈者", "Issuer"),
    "legal_status": ("效力状态", "效力狀態", "Legal status"),
    "as_of": ("截至 {day}", "截至 {day}", "as of {day}"),
    "read_on": ("读取日期", "讀取日期", "Read on"),
    "text_hash": ("文本校验", "文本校驗", "Text hash"),
    "official_page": ("打开官方页面", "開啟官方頁面", "Open the official page"),
    "official_page_in": (
        "打开官方页面（{language}）",
        "開啟官方頁面（{language}）",
        "Open the official page ({language})",
    ),
    "unit_permalink": ("本段链接", "本段連結", "Link to this passage"),
    "in_context": ("原文上下文", "原文上下文", "In its context"),
    "side_by_side": ("对照", "對照", "Side by side"),
    "open_this": ("查看此处", "查看此處", "Open"),
    "not_exact": (
        "引文与现存文本不一致，因此不作标记；索引可能已重建，请重新提问。",
        "引文與現存文本不一致，因此不作標記；索引可能已重建，請重新提問。",
        "The quote does not equal the text held now, so nothing is marked; ask again.",
    ),
    "exact": ("引文与文本逐字一致", "引文與文本逐字一致", "The quote equals the text, character for character"),
    "no_such_text": ("没有这个文本或位置。", "沒有這個文本或位置。", "There is no such text or place."),
    "origin_official": ("官方文本", "官方文本", "official text"),
    "origin_translation": ("译文", "譯文", "translation"),
    "origin_digest": ("摘要（本项目自述）", "摘要（本專案自述）", "digest (project's own words)"),
    "language_zh": ("中文", "中文", "Chinese"),
    "language_en": ("英文", "英文", "English"),
    # legal status of a source, as the catalogue writes it
    "law_in_force": ("现行有效", "現行有效", "in force"),
    "law_revoked": ("已撤销", "已撤銷", "revoked"),
    "law_repealed": ("已废止", "已廢止", "repealed"),
    "law_superseded": ("已被取代", "已被取代", "superseded"),
    "law_renamed": ("已更名", "已更名", "renamed"),
    "law_adopted_not_binding": ("已通过，不具约束力", "已通過，不具約束力", "adopted, not binding"),
    "law_not_binding": ("不具约束力", "不具約束力", "not binding"),
    "law_voluntary": ("自愿承诺", "自願承諾", "voluntary"),
    "law_statement_of_position": ("立场声明", "立場聲明", "statement of position"),
    "law_work_delivered": ("工作已完成", "工作已完成", "work delivered"),
    "law_news_report": ("新闻报道", "新聞報導", "news report"),
    # trace
    "trace": ("检索过程", "檢索過程", "How this was found"),
    "trace_hits": ("检索到的段落", "檢索到的段落", "Passages found"),
    "trace_rejected": ("未采用的段落及原因", "未採用的段落及原因", "Passages not used, and why"),
    "trace_timings": ("用时（毫秒）", "用時（毫秒）", "Timings (ms)"),
    "trace_none": ("没有检索到段落。", "沒有檢索到段落。", "No passage was found."),
    "column_rank": ("名次", "名次", "Rank"),
    "column_passage": ("段落", "段落", "Passage"),
    "column_score": ("总分", "總分", "Score"),
    "column_lexical": ("词面", "詞面", "Lexical"),
    "column_dense": ("语义", "語義", "Dense"),
    "column_reason": ("原因", "原因", "Reason"),
    "reason_scored_lower": ("得分较低", "得分較低", "scored lower"),
    "reason_not_sure_enough_to_answer": (
        "没有足够把握，因此不作回答",
        "沒有足夠把握，因此不作回答",
        "not sure enough to answer",
    ),
    "reason_another_passage_of_the_same_source_answers_better": (
        "同一文本有更合适的段落",
        "同一文本有更合適的段落",
        "another passage of the same source answers better",
    ),
    "confidence": ("把握", "把握", "Confidence"),
    "index_id": ("索引", "索引", "Index"),
    "generator": ("生成方式", "生成方式", "Generator"),
    "trace_searched": ("检索词", "檢索詞", "Searched for"),
    "trace_translated": ("另一语言的名称", "另一語言的名稱", "Names in the other language"),
    "trace_kind": ("问题类型", "問題類型", "Kind of question"),
    "kind_fact": ("事实", "事實", "fact"),
    "kind_who": ("人或机构", "人或機構", "person or body"),
    "kind_when": ("时间", "時間", "date"),
    "kind_where": ("地点", "地點", "place"),
    "kind_count": ("数目", "數目", "figure"),
    "kind_list": ("列举", "列舉", "list"),
    "kind_definition": ("定义", "定義", "definition"),
    "kind_why": ("原因", "原因", "reason"),
    "kind_compare": ("比较", "比較", "comparison"),
    "kind_yes_no": ("是或否", "是或否", "yes or no"),
    "kind_locate": ("哪一条", "哪一條", "which article"),
    "kind_overview": ("概述", "概述", "overview"),
    "generator_extractive": ("摘取文本中的句子", "摘取文本中的句子", "sentences taken from the texts"),
    "trace_withheld": ("未通过核对而不显示的句子", "未通過核對而不顯示的句子", "Sentences withheld by the check"),
    "trace_suspicious": (
        "像指令的文字",
        "像指令的文字",
        "Text that looks like orders",
    ),
    "step_understand": ("理解", "理解", "understand"),
    "step_retrieve": ("检索", "檢索", "retrieve"),
    "step_read": ("阅读", "閱讀", "read"),
    "step_compose": ("组织", "組織", "compose"),
    "step_decide": ("判断", "判斷", "decide"),
    "step_generate": ("生成", "生成", "generate"),
    "step_verify": ("核对", "核對", "verify"),
    "step_total": ("合计", "合計", "total"),
    "citation_summary": ("{status}，{count} 处引文。", "{status}，{count} 處引文。", "{status}. Citations: {count}."),
    **PAGE_WORDS,
    **ADMIN_WORDS,
    **COMPARE_WORDS,
    **DECLINED_WORDS,
    **EVALUATION_WORDS,
}  # fmt: skip


@lru_cache(maxsize=len(INTERFACE_LANGUAGES))
def words(language: str) -> Mapping[str, str]:
    """All interface words in `language`; an unknown language reads as the default one."""
    column = list(INTERFACE_LANGUAGES).index(supported(language))
    return MappingProxyType({key: row[column] for key, row in _TABLE.items()})


def supported(language: str) -> str:
    """The interface language nearest to a browser's tag such as `zh-Hant-HK` or `en-GB`."""
    tag = language.strip().lower()
    if tag.startswith("zh"):
        traditional = any(part in tag for part in ("tw", "hk", "mo", "hant"))
        return "zh-TW" if traditional else "zh-CN"
    return "en" if tag.startswith("en") else DEFAULT_LANGUAGE


def preferred(accept_language: str) -> str:
    """The interface language for an Accept-Language header: its first Chinese or English entry, else English."""
    entries = [entry.split(";")[0].strip() for entry in accept_language.split(",")]
    known = [entry for entry in entries if entry.lower().startswith(("zh", "en"))]
    return supported(known[0]) if known else "en" if any(entries) else DEFAULT_LANGUAGE


def text_language(language: str) -> str:
    """The language of texts ("zh" or "en") that a reader of this interface language reads."""
    return "en" if supported(language) == "en" else "zh"
