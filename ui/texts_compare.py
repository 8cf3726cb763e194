"""Words of the comparison pages."""

# key: (zh-CN, zh-TW, en)
COMPARE_WORDS: dict[str, tuple[str, str, str]] = {
    "nav_compare": ("对照", "對照", "Compare"),
    "compare_title": ("对照文本", "對照文本", "Compare texts"),
    "compare_themes": ("同一主题，几份文本", "同一主題，幾份文本", "One theme, several texts"),
    "compare_mentions": ("报道与原文", "報導與原文", "A report against the text itself"),
    "compare_note": (
        "写一个主题，选两到四份文本：每格是该文本里最切题的句子，逐句有出处；没有切题的句子就说明没有。",
        "寫一個主題，選兩到四份文本：每格是該文本裡最切題的句子，逐句有出處；沒有切題的句子就說明沒有。",
        "Name a theme and choose two to four texts. Each column holds the sentences of that text nearest to the theme, "
        "each cited; where none is near, it says so.",
    ),
    "compare_theme": ("主题", "主題", "Theme"),
    "compare_sources": ("文本（二至四份）", "文本（二至四份）", "Texts (two to four)"),
    "compare_show": ("对照", "對照", "Compare"),
    "compare_examples": ("例如", "例如", "For instance"),
    "compare_too_few": (
        "请写一个主题，并至少选两份文本。",
        "請寫一個主題，並至少選兩份文本。",
        "Name a theme and choose at least two texts.",
    ),
    "compare_too_many": (
        "最多并排四份，这里显示的是前四份。",
        "最多並排四份，這裡顯示的是前四份。",
        "Four texts stand side by side at most; these are the first four.",
    ),
    "compare_nothing": (
        "这份文本里没有切题的句子。",
        "這份文本裡沒有切題的句子。",
        "Nothing in this text is near the theme.",
    ),
    "compare_closest": ("最接近的是", "最接近的是", "The closest is"),
    "compare_link": ("本次对照的链接", "本次對照的連結", "Link to this comparison"),
    "compare_this": ("并排对照这些文本", "並排對照這些文本", "Compare these side by side"),
    "mentions_note": (
        "左边是报道里点名这份文件的每一句，右边是文件自己最接近的一段。程序只量措辞远近、查数字日期是否见于文件，不评判对错：请两边都读。",
        "左邊是報導裡點名這份文件的每一句，右邊是文件自己最接近的一段。程式只量措辭遠近、查數字日期是否見於文件，不評判對錯：請兩邊都讀。",
        "On the left every sentence of the report that names the document, on the right the closest passage of the "
        "document itself. Only nearness in wording is measured, and whether figures and dates stand in the document; "
        "nobody judges who is right, so read both.",
    ),
    "mentions_by": ("报道写道", "報導寫道", "The report says"),
    "mentions_close": ("措辞相近", "措辭相近", "close in wording"),
    "mentions_related": ("最接近的一段，措辞不同", "最接近的一段，措辭不同", "the closest passage, worded otherwise"),
    "mentions_none": ("文件里没有相近的话", "文件裡沒有相近的話", "nothing in the document comes near"),
    "mentions_absent": (
        "这些数字或日期不见于所存的文件文本：{facts}",
        "這些數字或日期不見於所存的文件文本：{facts}",
        "These figures or dates do not stand in the document as held: {facts}",
    ),
    "mentions_empty": (
        "所存文本里没有点名这份文件的句子。",
        "所存文本裡沒有點名這份文件的句子。",
        "No sentence held here names this document.",
    ),
    "mentions_count": (
        "{all} 句：{close} 句措辞相近，{related} 句另有说法，{none} 句文件里没有相近的话",
        "{all} 句：{close} 句措辭相近，{related} 句另有說法，{none} 句文件裡沒有相近的話",
        "Sentences: {all}. Close in wording: {close}; worded otherwise: {related}; nothing near: {none}",
    ),
    "mentions_link": ("报道怎么说", "報導怎麼說", "What the report says of it"),
}  # fmt: skip
