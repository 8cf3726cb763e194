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
    "lacks_person": ("没有点出所问的人", "沒有點出所問的人", "does not name the person asked for"),
    "lacks_country": ("没有点出所问的国家", "沒有點出所問的國家", "does not name the country asked for"),
    "lacks_office": ("没有说由谁担任", "沒有說由誰擔任", "does not say who holds the office"),
    "lacks_speaker": (
        "不是所问的人自己说的话",
        "不是所問的人自己說的話",
        "is not in the words of the person asked about",
    ),
    "lacks_measure": (
        "没有以所问的单位给出的数目",
        "沒有以所問的單位給出的數目",
        "gives no figure in the unit asked for",
    ),
    "lacks_money": ("没有写明金额", "沒有寫明金額", "gives no sum of money"),
    "lacks_people": ("没有说有多少人", "沒有說有多少人", "does not say how many people"),
    "lacks_post": ("没有提到这个职务", "沒有提到這個職務", "does not mention that post"),
    "lacks_founder": ("没有提到创始人", "沒有提到創辦人", "does not mention a founder"),
    "lacks_age": ("没有说年龄", "沒有說年齡", "does not tell an age"),
    "lacks_share": ("没有写明比例", "沒有寫明比例", "gives no share"),
    "lacks_city": ("没有说是哪座城市", "沒有說是哪座城市", "names no city"),
    "lacks_university": ("没有说是哪所学校", "沒有說是哪所學校", "names no university"),
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
    "settles_country": (
        "列出国家的名单、声明或报道。",
        "列出國家的名單、聲明或報導。",
        "A list, a statement or a report that names the countries.",
    ),
    "settles_office": (
        "写明由谁担任的任命文件、名单或报道。",
        "寫明由誰擔任的任命文件、名單或報導。",
        "An appointment, a list or a report that says who holds the office.",
    ),
    "settles_speaker": (
        "这个人的讲话、文章，或引述其原话的报道。",
        "這個人的講話、文章，或引述其原話的報導。",
        "A speech or text of that person, or a report that quotes it.",
    ),
    "settles_money": (
        "写明金额的预算、账目或报道。",
        "寫明金額的預算、帳目或報導。",
        "A budget, an account or a report that gives the sum.",
    ),
    "settles_why": (
        "说明原因的文件、会议记录或评论。",
        "說明原因的文件、會議記錄或評論。",
        "A document, minutes or commentary that gives the reason.",
    ),
    "settles_official": (
        "{title}的全文：这里只有摘要，原文可能说得更细。",
        "{title}的全文：這裡只有摘要，原文可能說得更細。",
        "The full text of {title}: only a digest is held, and the original may say more.",
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
