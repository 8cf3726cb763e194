"""What `sources` says of texts, files and pages that it cannot take, in every interface language.

The English column is the sentence as it is raised there; a test reads them from the code, so that none is forgotten.
"""

# (zh-CN, zh-TW, en); what stands in braces is taken over
UNREADABLE: tuple[tuple[str, str, str], ...] = (
    # files of every kind
    (
        "{name} 不是文件；请指定一个文本文件。",
        "{name} 不是檔案；請指定一個文字檔。",
        "{name} is not a file; name a file that holds a text.",
    ),
    (
        "{name} 有 {count} 字节，XML 最多 {most}；请只保存文字。",
        "{name} 有 {count} 位元組，XML 最多 {most}；請只保存文字。",
        "{name} has {count} bytes, more than {most} for XML; save the text alone.",
    ),
    (
        "{name} 有 {count} 字节，最多 {most}；请拆成小一些的文件。",
        "{name} 有 {count} 位元組，最多 {most}；請拆成小一些的檔案。",
        "{name} has {count} bytes, more than {most}; split it into smaller files.",
    ),
    (
        "{name} 有 {count} 字节，最多 {most}；请只保存文字。",
        "{name} 有 {count} 位元組，最多 {most}；請只保存文字。",
        "{name} has {count} bytes, more than {most}; save the text alone.",
    ),
    (
        "{name} 读不出来；请看它是否存在、是否允许读取。",
        "{name} 讀不出來；請看它是否存在、是否允許讀取。",
        "{name} cannot be read ({reason}); check that it exists and may be read.",
    ),
    (
        "{name} 是空的；请写入文本，或去掉它。",
        "{name} 是空的；請寫入文本，或去掉它。",
        "{name} is empty; put the text into it or remove it.",
    ),
    (
        "{name} 是二进制文件，不是文本；请存成 UTF-8 文本。",
        "{name} 是二進位檔案，不是文字；請存成 UTF-8 文字檔。",
        "{name} is a binary file, not text; save it as UTF-8 text.",
    ),
    (
        "{name} 不是 UTF-8 文本（第 {at} 字节解不出来）；请存成 UTF-8。",
        "{name} 不是 UTF-8 文字檔（第 {at} 位元組解不出來）；請存成 UTF-8。",
        "{name} is not UTF-8 text (byte {at} cannot be decoded); save it as UTF-8.",
    ),
    (
        "{name} 有一行长 {count} 个字符，最多 {most}；请分段。",
        "{name} 有一行長 {count} 個字元，最多 {most}；請分段。",
        "{name} has a line of {count} characters, more than {most}; break it into paragraphs.",
    ),
    (
        "{name} 有 {count} 个字符，最多 {most}；请拆分。",
        "{name} 有 {count} 個字元，最多 {most}；請拆分。",
        "{name} holds {count} characters, more than {most}; split it.",
    ),
    (
        "{name} 的字符超过 {most} 个，请拆分。",
        "{name} 的字元超過 {most} 個，請拆分。",
        "{name} has more than {most} characters; split it.",
    ),
    (
        "{name} 没有文字；请写入文本，或去掉它。",
        "{name} 沒有文字；請寫入文本，或去掉它。",
        "{name} holds no text; put the text into it or remove it.",
    ),
    (
        "{name} 没有文字；请保存文字本身。",
        "{name} 沒有文字；請保存文字本身。",
        "{name} holds no text; save the text itself.",
    ),
    (
        "{name} 要超过 {most} 字节的内存才能读；请拆成小一些的文件。",
        "{name} 要超過 {most} 位元組的記憶體才能讀；請拆成小一些的檔案。",
        "{name} needs more than {most} bytes of memory to read; split it into smaller files.",
    ),
    (
        "{name} 的嵌套太深；请只保存文字。",
        "{name} 的巢狀太深；請只保存文字。",
        "{name} nests its parts too deeply; save the text alone.",
    ),
    (
        "{name} 读了超过 {seconds} 秒；请打开后重新保存，或只保存文字。",
        "{name} 讀了超過 {seconds} 秒；請打開後重新保存，或只保存文字。",
        "{name} takes longer than {seconds} seconds to read; open it and save it again, or save the text alone.",
    ),
    (
        "{name} 使读取程序崩溃；请打开后重新保存，或只保存文字。",
        "{name} 使讀取程式當掉；請打開後重新保存，或只保存文字。",
        "{name} crashes its reader; open it and save it again, or save the text alone.",
    ),
    # web pages, XML, PDF, Word
    (
        "{name} 的编码认不出来；请把网页另存为 UTF-8。",
        "{name} 的編碼認不出來；請把網頁另存為 UTF-8。",
        "{name} is in no encoding that can be recognised; save the page again as UTF-8.",
    ),
    (
        "{name} 是二进制文件，不是网页；请重新存成 HTML。",
        "{name} 是二進位檔案，不是網頁；請重新存成 HTML。",
        "{name} is a binary file, not a web page; save the page again as HTML.",
    ),
    (
        "{name} 有一个元素的属性超过 {most} 个；请只保存文字。",
        "{name} 有一個元素的屬性超過 {most} 個；請只保存文字。",
        "{name} has an element of more than {most} attributes; save the text alone.",
    ),
    (
        "{name} 里没有网页；请重新存成 HTML。",
        "{name} 裡沒有網頁；請重新存成 HTML。",
        "{name} holds no web page; save the page again as HTML.",
    ),
    (
        "{name} 的元素嵌套超过 {most} 层；请只保存文字。",
        "{name} 的元素巢狀超過 {most} 層；請只保存文字。",
        "{name} nests its elements deeper than {most}; save the text alone.",
    ),
    (
        "{name} 不运行脚本就没有文字；请用浏览器打开，保存所见内容。",
        "{name} 不執行指令碼就沒有文字；請用瀏覽器打開，保存所見內容。",
        "{name} shows no text without its scripts; open it in a browser and save what it shows.",
    ),
    (
        "{name} 自行定义了 XML 实体，程序不展开；请只保存文字。",
        "{name} 自行定義了 XML 實體，程式不展開；請只保存文字。",
        "{name} defines XML entities of its own, which are not expanded; save the text alone.",
    ),
    (
        "{name} 自行定义了 XML 实体，而 Word 从不这样；请重新保存。",
        "{name} 自行定義了 XML 實體，而 Word 從不這樣；請重新保存。",
        "{name} defines XML entities of its own, which Word never does; save it again.",
    ),
    (
        "{name} 不是合规的 XML；请重新保存。",
        "{name} 不是合規的 XML；請重新保存。",
        "{name} is not well-formed XML ({reason}); save it again.",
    ),
    (
        "{name} 是不认识的 XML（根元素 {root}）；请存成 HTML 或文本。",
        "{name} 是不認識的 XML（根元素 {root}）；請存成 HTML 或文字檔。",
        "{name} is XML of a kind that is not known (root element {root}); save it as HTML or text.",
    ),
    (
        "{name} 不是 PDF 文件；请重新下载或保存。",
        "{name} 不是 PDF 檔案；請重新下載或保存。",
        "{name} is not a PDF file; download or save it again.",
    ),
    (
        "{name} 不是完整的 PDF 文件；请重新下载或保存。",
        "{name} 不是完整的 PDF 檔案；請重新下載或保存。",
        "{name} is not a whole PDF file; download or save it again.",
    ),
    (
        "{name} 是没有文字的扫描页；请先做文字识别（OCR），再加入结果。",
        "{name} 是沒有文字的掃描頁；請先做文字辨識（OCR），再加入結果。",
        "{name} holds scanned pages without text; recognise them with OCR and add the result.",
    ),
    (
        "{name} 没有说明字形对应哪些字符；请用 OCR 识别。",
        "{name} 沒有說明字形對應哪些字元；請用 OCR 辨識。",
        "{name} does not say which characters its fonts show; recognise it with OCR.",
    ),
    (
        "{name} 有密码；请另存一份不带密码的。",
        "{name} 有密碼；請另存一份不帶密碼的。",
        "{name} is locked with a password; save a copy without it.",
    ),
    (
        "{name} 有 {count} 页，最多 {most}；请拆分。",
        "{name} 有 {count} 頁，最多 {most}；請拆分。",
        "{name} has {count} pages, more than {most}; split it.",
    ),
    (
        "{name} 的第 {page} 页坏了；请重新下载或保存。",
        "{name} 的第 {page} 頁壞了；請重新下載或保存。",
        "{name} has a broken page {page}; download or save it again.",
    ),
    (
        "{name} 是旧格式或带密码的 Word 文档；请存成不带密码的 .docx。",
        "{name} 是舊格式或帶密碼的 Word 文件；請存成不帶密碼的 .docx。",
        "{name} is an old or locked Word document; save it as .docx without a password.",
    ),
    (
        "{name} 不是 Word 文档（没有 {part}）；请存成 .docx。",
        "{name} 不是 Word 文件（沒有 {part}）；請存成 .docx。",
        "{name} is no Word document (it has no {part}); save it as .docx.",
    ),
    (
        "{name} 里的 XML 坏了；请用 Word 打开后重新保存。",
        "{name} 裡的 XML 壞了；請用 Word 打開後重新保存。",
        "{name} holds broken XML; open it in Word and save it again.",
    ),
    (
        "{name} 不是完整的压缩包；请重新下载或保存。",
        "{name} 不是完整的壓縮檔；請重新下載或保存。",
        "{name} is not a whole archive; download or save it again.",
    ),
    (
        "{name} 打包了 {count} 个部分，最多 {most}；请存成 PDF。",
        "{name} 打包了 {count} 個部分，最多 {most}；請存成 PDF。",
        "{name} packs {count} parts, more than {most}; save it as PDF.",
    ),
    (
        "{name} 的 {part} 部分坏了；请重新下载或保存。",
        "{name} 的 {part} 部分壞了；請重新下載或保存。",
        "{name} has a broken part {part}; download or save it again.",
    ),
    (
        "{name} 展开后超过 {most} 字节；请只保存文字。",
        "{name} 展開後超過 {most} 位元組；請只保存文字。",
        "{name} unpacks to more than {most} bytes; save the text alone.",
    ),
    # what is said about a text
    (
        "{name} 的 id 和语言与 {other} 相同；请给其中一个换 id。",
        "{name} 的 id 和語言與 {other} 相同；請給其中一個換 id。",
        "{name} has the id and language of {other}; give one of them another id.",
    ),
    (
        "{name}：id {id} 不全是小写字母、数字和连字符；请改名。",
        "{name}：id {id} 不全是小寫字母、數字和連字號；請改名。",
        "{name}: id {id} is not lower-case letters, digits and hyphens; rename it.",
    ),
    (
        "{name}：语言 {language} 不是 'zh' 也不是 'en'；请写其中一个。",
        "{name}：語言 {language} 不是 'zh' 也不是 'en'；請寫其中一個。",
        "{name}: language {language} is neither 'zh' nor 'en'; write one of them.",
    ),
    (
        "{name} 的内容是 {kind}，不是对象；请写成 {form}。",
        "{name} 的內容是 {kind}，不是物件；請寫成 {form}。",
        "{name} holds a {kind}, not an object; write {form}.",
    ),
    (
        "{name} 不是合规的 JSON；请改正或去掉它。",
        "{name} 不是合規的 JSON；請改正或去掉它。",
        "{name} is not valid JSON ({reason}); mend it or remove it.",
    ),
    (
        "{name}：.json 说语言是 {language}，文本却不是；请改正语言。",
        "{name}：.json 說語言是 {language}，文本卻不是；請改正語言。",
        "{name}: its .json says language {language} but the text is not; correct the language.",
    ),
    (
        "{name}：.json 说 sha256 是 {sum}…，文本却不同；请改正或去掉。",
        "{name}：.json 說 sha256 是 {sum}…，文本卻不同；請改正或去掉。",
        "{name}: its .json says sha256 {sum}… but the text differs; correct or remove it.",
    ),
    (
        "{name} 在不止一个文件夹里；索引的是第一个。",
        "{name} 在不只一個資料夾裡；索引的是第一個。",
        "{name} is in more than one folder; the first one is indexed.",
    ),
    ("没有存 {name} 的文本。", "沒有存 {name} 的文本。", "No text of {name} is held; see: python -m sources list"),
)
