"""What the web server refuses with, in every interface language; the English column is the sentence as it is raised."""

# (zh-CN, zh-TW, en); what stands in braces is taken over
REFUSALS: tuple[tuple[str, str, str], ...] = (
    # who may
    (
        "请求来自别的网站的页面；请用本服务器自己的页面。",
        "請求來自別的網站的頁面；請用本伺服器自己的頁面。",
        "The request came from a page of another site; use this server's own page.",
    ),
    (
        "管理口令不对或没有填；请填启动服务器时设的那个。",
        "管理口令不對或沒有填；請填啟動伺服器時設的那個。",
        "The admin token is missing or wrong; enter the one the server was started with.",
    ),
    (
        "只有启动时设了 --admin-token 的服务器才能从别处更改文本；请与服务器的管理者联系。",
        "只有啟動時設了 --admin-token 的伺服器才能從別處更改文本；請與伺服器的管理者聯絡。",
        "Sources can be changed from elsewhere only if the server is started with --admin-token; ask its owner.",
    ),
    # too much at once
    (
        "您的地址一分钟内发来的请求超过 {most} 个，请稍等。",
        "您的位址一分鐘內發來的請求超過 {most} 個，請稍等。",
        "More than {most} requests a minute came from your address; please wait a little.",
    ),
    (
        "已有 {count} 个问题在等，请 {seconds} 秒后再问。",
        "已有 {count} 個問題在等，請 {seconds} 秒後再問。",
        "{count} questions wait already; please ask again in {seconds} seconds.",
    ),
    (
        "前面的问题用时太久，请再问一次。",
        "前面的問題用時太久，請再問一次。",
        "The questions before this one took too long; please ask again.",
    ),
    (
        "存放段落的检索服务没有应答，请稍后再问。",
        "存放段落的檢索服務沒有回應，請稍後再問。",
        "The store that holds the passages does not answer; please ask again in a little while.",
    ),
    (
        "请求超过 {most} 字节，请发小一些的。",
        "請求超過 {most} 位元組，請發小一些的。",
        "The request is larger than {most} bytes; send a smaller one.",
    ),
    # not as it should be
    (
        "请求里的字段 {field} 不合要求，请改正后再发。",
        "請求裡的欄位 {field} 不合要求，請改正後再發。",
        "Field {field} of the request is not valid ({reason}); correct it and send it again.",
    ),
    (
        "最后一条消息须由用户发出，长 1 至 {most} 个字符；请重新发送。",
        "最後一則訊息須由使用者發出，長 1 至 {most} 個字元；請重新傳送。",
        "The last message must be the user's, of 1 to {most} characters; send it again.",
    ),
    ("这个地址没有内容。", "這個位址沒有內容。", "There is nothing at this address."),
    ("这个地址没有内容。", "這個位址沒有內容。", "Not Found"),
    ("这个地址不接受这种请求。", "這個位址不接受這種請求。", "Method Not Allowed"),
    ("没有这个页面文件。", "沒有這個頁面檔案。", "There is no such page file."),
    ("请求被拒绝。", "請求被拒絕。", "The request was refused."),
    (
        "出了内部错误，已记入日志；请重试。",
        "出了內部錯誤，已記入日誌；請重試。",
        "An internal error occurred and was logged; please retry.",
    ),
    # taking away and judging
    (
        "没有这种导出格式；请从 {names} 中选一种。",
        "沒有這種匯出格式；請從 {names} 中選一種。",
        "There is no export format of that name; choose one of {names}.",
    ),
    (
        "这个答案已不再保留；请重新提问，再评价新的答案。",
        "這個答案已不再保留；請重新提問，再評價新的答案。",
        "That answer is no longer kept; ask the question again and judge the new answer.",
    ),
    # sources and index
    (
        "{name} 大于 {most} 字节，请拆分。",
        "{name} 大於 {most} 位元組，請拆分。",
        "{name} is larger than {most} bytes; split it.",
    ),
    (
        "已存有 {most} 份文本；请先移除一些再加。",
        "已存有 {most} 份文本；請先移除一些再加。",
        "{most} texts are held already; remove some before adding more.",
    ),
    (
        "文件名里有不能用的字符，请改名。",
        "檔名裡有不能用的字元，請改名。",
        "The file's name has characters that a name cannot have; rename it.",
    ),
    (
        "{name} 不能当作文本来读；请用以 {endings} 结尾的文件。",
        "{name} 不能當作文本來讀；請用以 {endings} 結尾的檔案。",
        "{name} cannot be read as text; give a file that ends in {endings}.",
    ),
    (
        "id 只能有小写字母、数字和连字符。",
        "id 只能有小寫字母、數字和連字號。",
        "An id has lower-case letters, digits and hyphens only.",
    ),
    (
        "目录里没有 {name}；请用文本页上的 id。",
        "目錄裡沒有 {name}；請用文本頁上的 id。",
        "No source {name} is in the catalogue; take an id from the sources page.",
    ),
    (
        "正在读取文本；请等它完成，或停止它。",
        "正在讀取文本；請等它完成，或停止它。",
        "Texts are being fetched; wait until that is done, or stop it.",
    ),
    (
        "读取没有成功，已记入日志；所存的文本没有变化。",
        "讀取沒有成功，已記入日誌；所存的文本沒有變化。",
        "Fetching failed and was logged; what is held is unchanged.",
    ),
    ("正在重建索引，请等它完成。", "正在重建索引，請等它完成。", "A rebuild is running; wait until it is done."),
    (
        "索引没有建成，已记入日志；正在用的索引没有变化。",
        "索引沒有建成，已記入日誌；正在用的索引沒有變化。",
        "The build failed and was logged; the index in use is unchanged.",
    ),
    (
        "没有可建索引的内容；请先加入文本。",
        "沒有可建索引的內容；請先加入文本。",
        "There is nothing to index; name a folder with texts by --sources DIR.",
    ),
    ("  增 {place}", "  增 {place}", "  added {place}"),
    ("  改 {place}", "  改 {place}", "  changed {place}"),
    ("  改名 {place}", "  改名 {place}", "  renamed {place}"),
    ("  删 {place}", "  刪 {place}", "  removed {place}"),
    ("  … 还增 {count} 个", "  … 還增 {count} 個", "  … and {count} more added"),
    ("  … 还改 {count} 个", "  … 還改 {count} 個", "  … and {count} more changed"),
    ("  … 还有 {count} 个改名", "  … 還有 {count} 個改名", "  … and {count} more renamed"),
    ("  … 还删 {count} 个", "  … 還刪 {count} 個", "  … and {count} more removed"),
    (
        "这个索引由别的文件夹建成；请用 {command} 重建。",
        "這個索引由別的資料夾建成；請用 {command} 重建。",
        "This index was built from other folders; rebuild it with: {command}",
    ),
)
