"""Words of the part of the sources page that changes something."""

# key: (zh-CN, zh-TW, en)
ADMIN_WORDS: dict[str, tuple[str, str, str]] = {
    "change_sources": ("加入文本、重建索引", "加入文本、重建索引", "Add texts, rebuild the index"),
    "admin_off": (
        "服务器启动时没有设管理口令（--admin-token），因此不能从别处更改文本。",
        "伺服器啟動時沒有設管理口令（--admin-token），因此不能從別處更改文本。",
        "The server was started without --admin-token, so the texts cannot be changed from elsewhere.",
    ),
    "admin_token": ("管理口令", "管理口令", "Admin token"),
    "wrong_token": ("管理口令不对或没有填。", "管理口令不對或沒有填。", "The admin token is missing or wrong."),
    "connection_lost": ("连接中断，请重试。", "連線中斷，請重試。", "The connection was lost; please try again."),
    # 1: own texts
    "own_texts": ("自己的文本", "自己的文本", "Texts of your own"),
    "choose_files": ("选择文件", "選擇檔案", "Choose files"),
    "choose_folder": ("选择文件夹", "選擇資料夾", "Choose a folder"),
    "chosen": ("已选 {count} 个：{names}", "已選 {count} 個：{names}", "Chosen: {count} ({names})"),
    "upload_note": (
        "可读：{endings}；每个不超过 {size} MiB。文件夹里同名的 .json 是说明（id、language、title、canonical_url）。",
        "可讀：{endings}；每個不超過 {size} MiB。資料夾裡同名的 .json 是說明（id、language、title、canonical_url）。",
        "Readable: {endings}; up to {size} MiB each. In a folder a .json of the same name describes a text "
        "(id, language, title, canonical_url).",
    ),
    "add_files": ("加入", "加入", "Add"),
    "file_added": (
        "已加入：{name} → {id}（{units} 个单元）",
        "已加入：{name} → {id}（{units} 個單元）",
        "Added: {name} → {id} (units: {units})",
    ),
    "files_skipped": (
        "读不了，不加入：{names}",
        "讀不了，不加入：{names}",
        "Not readable, left out: {names}",
    ),
    "names_joint": ("、", "、", ", "),
    "fetch_line": ("{name}：{state}（{text}）", "{name}：{state}（{text}）", "{name}: {state} ({text})"),
    "no_file_chosen": ("还没有选择文件。", "還沒有選擇檔案。", "No file is chosen yet."),
    # 2: pages
    "a_page": ("网上的一页", "網上的一頁", "A page on the web"),
    "page_address": ("网址", "網址", "Address"),
    "add_page": ("读取并加入", "讀取並加入", "Read and add"),
    "page_note": (
        "由服务器去读取；只读公开的网址，内部网络的地址会被拒绝。",
        "由伺服器去讀取；只讀公開的網址，內部網路的位址會被拒絕。",
        "The server reads it; only public addresses are read, those of internal networks are refused.",
    ),
    "no_address": (
        "请写以 http:// 或 https:// 开头的网址。",
        "請寫以 http:// 或 https:// 開頭的網址。",
        "Give an address that begins with http:// or https://.",
    ),
    # 3: official texts
    "official_texts": ("官方文本", "官方文本", "Official texts"),
    "fetch_note": (
        "向各发布者的网站逐页读取目录里的官方文本，共 {count} 页；不按这里，程序不联系任何网站。",
        "向各發佈者的網站逐頁讀取目錄裡的官方文本，共 {count} 頁；不按這裡，程式不聯絡任何網站。",
        "Reads the catalogue's official texts from their publishers, page by page ({count}). Unless you press this, "
        "nobody is contacted.",
    ),
    "fetch_all": ("读取全部官方文本", "讀取全部官方文本", "Fetch all official texts"),
    "fetch_one": ("读取官方文本", "讀取官方文本", "Fetch the official text"),
    "fetch_stop": ("停止读取", "停止讀取", "Stop fetching"),
    "fetching_now": (
        "第 {done}/{of} 页：{name}（{size} KiB）",
        "第 {done}/{of} 頁：{name}（{size} KiB）",
        "Page {done} of {of}: {name} ({size} KiB)",
    ),
    "fetched": (
        "读到 {good} 页，共 {of} 页。重建索引后可用。",
        "讀到 {good} 頁，共 {of} 頁。重建索引後可用。",
        "Pages read: {good} of {of}. They are used after a rebuild.",
    ),
    "fetch_stopped": (
        "已停止：读到 {good} 页，共 {of} 页。",
        "已停止：讀到 {good} 頁，共 {of} 頁。",
        "Stopped. Pages read: {good} of {of}.",
    ),
    "page_refused": ("拒绝读取", "拒絕讀取", "refused"),
    "page_read": ("已读到", "已讀到", "read"),
    "page_changed": ("已读到，文本有变", "已讀到，文本有變", "read, the text has changed"),
    "page_unchanged": ("没有变化", "沒有變化", "unchanged"),
    "page_missing": ("页面不在了", "頁面不在了", "the page is gone"),
    "page_soft_missing": ("页面不在了", "頁面不在了", "the page is gone"),
    "page_not_the_text": ("不是该文本", "不是該文本", "not the text"),
    "page_failed": ("没有读到", "沒有讀到", "not read"),
    # 4: the index
    "the_index": ("索引", "索引", "The index"),
    "plan": ("看看会改变什么", "看看會改變什麼", "See what would change"),
    "planned": (
        "单元：增 {added}，改 {changed}，改名 {renamed}，删 {removed}；要嵌入 {embed}/{passages} 段，约 {seconds} 秒。",
        "單元：增 {added}，改 {changed}，改名 {renamed}，刪 {removed}；要嵌入 {embed}/{passages} 段，約 {seconds} 秒。",
        "Units added: {added}, changed: {changed}, renamed: {renamed}, removed: {removed}. "
        "To embed: {embed} of {passages} passages, about {seconds} s.",
    ),
    "rebuild": ("重建索引", "重建索引", "Rebuild the index"),
    "built_elsewhere": (
        "这个索引由别的文件夹建成，请用 python -m index build 重建。",
        "這個索引由別的資料夾建成，請用 python -m index build 重建。",
        "This index was built from other folders; rebuild it with python -m index build.",
    ),
    "step_reading": ("正在读取文本…", "正在讀取文本…", "Reading the texts…"),
    "step_planning": ("正在比较…", "正在比較…", "Comparing…"),
    "step_building": ("正在建索引…", "正在建索引…", "Building…"),
    "rebuilt": (
        "完成：新问题由索引 {index} 回答；对话保持不变。",
        "完成：新問題由索引 {index} 回答；對話保持不變。",
        "Done: new questions are answered from index {index}; conversations stay.",
    ),
    "remove_text": ("移除所存文本", "移除所存文本", "Remove the text held"),
    "remove_sure": ("再按一次确认移除", "再按一次確認移除", "Press again to remove"),
    "removed": (
        "已移除：{names}。重建索引后生效。",
        "已移除：{names}。重建索引後生效。",
        "Removed: {names}. This takes effect after a rebuild.",
    ),
}  # fmt: skip
