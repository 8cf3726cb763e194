"""Words around a question that is declined."""

# key: (zh-CN, zh-TW, en)
DECLINED_WORDS: dict[str, tuple[str, str, str]] = {
    "nearest": ("最接近的段落（不足以回答）", "最接近的段落（不足以回答）", "Nearest passages (not an answer)"),
    "short_of_words": ("没有提到“{words}”", "沒有提到「{words}」", "does not mention “{words}”"),
    "quoted_list": ("”“", "」「", "”, “"),
    "clause": ("；", "；", "; "),
    "lacks_count": ("没有所问的数目", "沒有所問的數目", "does not hold the figure asked for"),
    "lacks_when": ("没有所问的日期", "沒有所問的日期", "does not hold the date asked for"),
    "lacks_where": ("没有所问的地点", "沒有所問的地點", "does not name the place asked for"),
    "lacks_who": ("没有点出所问的人或机构", "沒有點出所問的人或機構", "does not name who is asked for"),
    "lacks_why": ("没有说明原因", "沒有說明原因", "gives no reason"),
    "would_settle": ("什么样的来源能回答", "什麼樣的來源能回答", "What would settle it"),
    "settles_fact": (
        "专门谈这件事的文件或报道。",
        "專門談這件事的文件或報導。",
        "A document or report on this very matter.",
    ),
    "settles_count": (
        "写明这个数目的文件、统计或报道。",
        "寫明這個數目的文件、統計或報導。",
        "A document, statistics or a report that gives this figure.",
    ),
    "settles_when": (
        "写明日期的公报、日程或报道。",
        "寫明日期的公報、日程或報導。",
        "A communiqué, programme or report that gives the date.",
    ),
    "settles_where": (
        "写明地点的公告或报道。",
        "寫明地點的公告或報導。",
        "An announcement or report that names the place.",
    ),
    "settles_who": (
        "点出人或机构的名单、任命文件或报道。",
        "點出人或機構的名單、任命文件或報導。",
        "A list, an appointment or a report that names the person or body.",
    ),
    "settles_why": (
        "说明原因的文件、会议记录或评论。",
        "說明原因的文件、會議記錄或評論。",
        "A document, minutes or commentary that gives the reason.",
    ),
    "settles_official": (
        "{title}的官方全文：这里只有摘要，原文可能说得更细。",
        "{title}的官方全文：這裡只有摘要，原文可能說得更細。",
        "The official text of {title}: only a digest is held, and the original may say more.",
    ),
    "title_marked": ("《{title}》", "《{title}》", "“{title}”"),
    "to_sources": ("去看这份文本", "去看這份文本", "See this source"),
    "advice_not_in_sources": (
        "可以换一种问法，或加入能回答它的文本：",
        "可以換一種問法，或加入能回答它的文本：",
        "Try other words, or add a text that holds the answer:",
    ),
    "add_a_text": ("加入文本", "加入文本", "Add a text"),
}  # fmt: skip
