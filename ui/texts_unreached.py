"""What `sources` says of addresses that it may not contact and of pages that it could not get, in every language.

As in `ui.texts_unreadable`, the English column is the sentence as it is raised.
"""

# (zh-CN, zh-TW, en); what stands in braces is taken over
UNREACHED: tuple[tuple[str, str, str], ...] = (
    # addresses
    (
        "{url} 不是网址；请写以 https:// 开头的网址。",
        "{url} 不是網址；請寫以 https:// 開頭的網址。",
        "{url} is not a web address; give one that begins with https://.",
    ),
    (
        "{url} 带有用户名或密码；请去掉。",
        "{url} 帶有使用者名稱或密碼；請去掉。",
        "{url} carries a user name or password; give it without.",
    ),
    (
        "{url} 的端口不是 1 至 65535 的数；请改正。",
        "{url} 的連接埠不是 1 至 65535 的數；請改正。",
        "{url} has a port that is no number from 1 to 65535; correct it.",
    ),
    (
        "{url} 没有写主机名；请写完整的网址。",
        "{url} 沒有寫主機名稱；請寫完整的網址。",
        "{url} names no host; give a whole web address.",
    ),
    (
        "查不到 {host} 的地址；请检查名称和网络。",
        "查不到 {host} 的位址；請檢查名稱和網路。",
        "{host} has no address that can be found; check the name and the network.",
    ),
    (
        "{host} 指向 {address}，不是公开的地址；要允许，请用 --allow-private 启动服务器。",
        "{host} 指向 {address}，不是公開的位址；要允許，請用 --allow-private 啟動伺服器。",
        "{host} leads to {address}, which is not a public address; allow it with --allow-private.",
    ),
    (
        "{url} 转到不加密的 {target}；请手动加入文件。",
        "{url} 轉到不加密的 {target}；請手動加入檔案。",
        "{url} redirects to the unprotected {target}; add the file by hand.",
    ),
    (
        "{url} 转到 {target}，那不是网址；请查新的网址。",
        "{url} 轉到 {target}，那不是網址；請查新的網址。",
        "{url} redirects to {target}, which is no address; find its new one.",
    ),
    (
        "{url} 跳转超过 {most} 次；请查新的网址。",
        "{url} 轉址超過 {most} 次；請查新的網址。",
        "{url} redirects more than {most} times; find its new address.",
    ),
    # the way there
    (
        "{url} 没有及时应答，请稍后再试。",
        "{url} 沒有及時回應，請稍後再試。",
        "{url} did not answer in time; try again later.",
    ),
    (
        "{host} 的证书不成立，不可信任。",
        "{host} 的憑證不成立，不可信任。",
        "{host} shows a certificate that does not hold; do not trust it.",
    ),
    (
        "连不上 {host}；请检查网络，稍后再试。",
        "連不上 {host}；請檢查網路，稍後再試。",
        "{host} cannot be reached; check the network and try again later.",
    ),
    ("{url} 中途断开，请稍后再试。", "{url} 中途斷開，請稍後再試。", "{url} broke off ({reason}); try again later."),
    (
        "{url} 用时超过 {seconds} 秒，请稍后再试。",
        "{url} 用時超過 {seconds} 秒，請稍後再試。",
        "{url} takes longer than {seconds} seconds; try again later.",
    ),
    # what came
    (
        "{url} 答以状态 {status}，没有文本；请检查网址。",
        "{url} 回以狀態 {status}，沒有文本；請檢查網址。",
        "{url} answers with status {status}, which holds no text; check the address.",
    ),
    (
        "{url} 答以状态 {status}，请稍后再试。",
        "{url} 回以狀態 {status}，請稍後再試。",
        "{url} answers with status {status}; try again later.",
    ),
    (
        "{url} 答以状态 {status}；请检查网址。",
        "{url} 回以狀態 {status}；請檢查網址。",
        "{url} answers with status {status}; check the address.",
    ),
    (
        "{url} 的压缩坏了；请稍后再试，或手动加入文件。",
        "{url} 的壓縮壞了；請稍後再試，或手動加入檔案。",
        "{url} sends a broken compression; try again later or add the file by hand.",
    ),
    (
        "{url} 的类型是 {kind}，不是网页、PDF、Word 或文本文件；请换一个。",
        "{url} 的類型是 {kind}，不是網頁、PDF、Word 或文字檔；請換一個。",
        "{url} is of type {kind}, not a page, PDF, Word or text file; give another.",
    ),
    (
        "{url} 给的文件类型不明；请给网页、PDF、Word 或文本文件。",
        "{url} 給的檔案類型不明；請給網頁、PDF、Word 或文字檔。",
        "{url} sends a file of no known type; give a page, PDF, Word or text file.",
    ),
    (
        "{url} 大于 {most} 字节；请手动加入小一些的文件。",
        "{url} 大於 {most} 位元組；請手動加入小一些的檔案。",
        "{url} is larger than {most} bytes; add a smaller file by hand.",
    ),
    (
        "{url} 给的是一则提示，不是文本；请用浏览器打开，再加入保存的文件。",
        "{url} 給的是一則提示，不是文本；請用瀏覽器打開，再加入保存的檔案。",
        "{url} shows a notice instead of a text; open it in a browser and add the saved file.",
    ),
    # official texts
    ("{first}页面已迁到 {address}。", "{first}頁面已遷到 {address}。", "{first} The page has moved to {address}."),
    ("页面没有变化。", "頁面沒有變化。", "The page is as it was."),
    ("文本没有变化。", "文本沒有變化。", "The text is as it was."),
    ("存有 {count} 个单元。", "存有 {count} 個單元。", "{count} units are held."),
    (
        "存有 {count} 个单元；文本有变。",
        "存有 {count} 個單元；文本有變。",
        "{count} units are held; the text has changed.",
    ),
    (
        "所存的是您自己的文本，予以保留；要换成读到的，请先移除。",
        "所存的是您自己的文本，予以保留；要換成讀到的，請先移除。",
        "Your own text is held and stays; remove it to hold the fetched one.",
    ),
    (
        "页面答以状态 {status}；请查新的网址。",
        "頁面回以狀態 {status}；請查新的網址。",
        "The page answers with status {status}; find its new address.",
    ),
    (
        "页面答以状态 {status}；请手动加入文件。",
        "頁面回以狀態 {status}；請手動加入檔案。",
        "The page answers with status {status}; add the file by hand.",
    ),
    (
        "页面送到了，但它说没有内容。",
        "頁面送到了，但它說沒有內容。",
        "The page is delivered but says that there is nothing.",
    ),
    (
        "页面要求用浏览器打开；请这样打开，再加入保存的文件。",
        "頁面要求用瀏覽器打開；請這樣打開，再加入保存的檔案。",
        "The page asks for a browser; open it there and add the saved file.",
    ),
    (
        "页面没有 {language} 的文字；请改正目录。",
        "頁面沒有 {language} 的文字；請改正目錄。",
        "The page holds no text in {language}; correct the catalogue.",
    ),
    (
        "页面谈的是 {name}，但没有它的全文；请加入它所链接的文件。",
        "頁面談的是 {name}，但沒有它的全文；請加入它所連結的檔案。",
        "The page is about {name} but does not hold its text; add the file that it links to.",
    ),
    ("网址转到了首页 {address}。", "網址轉到了首頁 {address}。", "The address leads to the front page {address}."),
    (
        "以前没有读过；请不带 --offline 读取。",
        "以前沒有讀過；請不帶 --offline 讀取。",
        "Nothing was fetched before; fetch it without --offline.",
    ),
    (
        "快照 {sum}… 不在了；请重新读取。",
        "快照 {sum}… 不在了；請重新讀取。",
        "Snapshot {sum}… is gone from {folder}; fetch it again.",
    ),
    (
        "快照 {sum}… 损坏了；请移除那个文件，重新读取。",
        "快照 {sum}… 損壞了；請移除那個檔案，重新讀取。",
        "Snapshot {sum}… is damaged; remove that file and fetch again.",
    ),
    (
        "{name} 不是页面记录；请移除 {path}，重新读取。",
        "{name} 不是頁面記錄；請移除 {path}，重新讀取。",
        "{name} is not a page record; remove {path} and fetch again.",
    ),
)
