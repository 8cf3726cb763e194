"""What on a web page is not the text: menus, banners, share buttons, footers; and where the text stands."""

from __future__ import annotations

import re
from typing import Any

Element = Any  # lxml has no types of its own

_NEVER = frozenset(
    "script style noscript template iframe object embed svg canvas math button select textarea input audio video "
    "nav footer aside dialog menu link meta map datalist".split()
)
_ROLES = frozenset("navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar".split())
_CHROME_WORD = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|topnav|subnav|menu\w*|breadcrumbs?|crumbs?|current-?path|sidebar|side-?nav|"
    r"toc\w*|cookies?|consent|banner|footer|foot|masthead|site-?header|top-?bar|share\w*|sharing|bdshare\w*|social\w*|"
    r"related\w*|recommend\w*|comments?|search\w*|login|signin|skip\w*|pagination|pager|page-?nav|fenye|toolbar|"
    r"advert\w*|ads?|promo|subscribe|newsletter|feedback|copyright|qrcode|ewm|print\w*|hidden|sr-only|"
    r"visually-?hidden|contents-list|related-navigation|metadata|publish-?info|oj-hd-\w+|teaser|modal|popup)(?=$|[-_\s])"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CONTAINERS = frozenset("html body div section article main form center table tbody tr td span font p".split())
_TOO_MUCH_TO_DROP = 0.4  # share of the page's prose; what holds so much is never furniture
_ENOUGH_TO_FOLLOW = 0.8  # share of the prose that a child must hold to be gone into
_SMALLEST_TWIN = 200  # characters of prose
_LINK_LIST = 0.85  # share of linked characters from which a list is navigation


def strip_chrome(body: Element) -> None:
    """Remove every element of `body` that is furniture of the site."""
    total = max(prose_length(body), 1)
    for element in list(body.iter()):
        if element is body or not isinstance(element.tag, str):
            continue
        if not _is_attached(element, body):
            continue
        if element.tag in _NEVER or (_is_furniture(element) and prose_length(element) < total * _TOO_MUCH_TO_DROP):
            drop(element)


def drop(element: Element) -> None:
    """Remove an element and keep the words after it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _is_attached(element: Element, body: Element) -> bool:
    while element is not None:
        if element is body:
            return True
        element = element.getparent()
    return False


def _is_furniture(element: Element) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    if element.get("role") in _ROLES:
        return True
    if element.tag == "header":
        return not any(True for _ in element.iter("h1"))
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    if names.strip() and _CHROME_WORD.search(names) and element.tag not in ("body", "html", "h1"):
        return True
    return element.tag in ("ul", "ol", "dl") and _is_link_list(element)


def _is_link_list(element: Element) -> bool:
    links = [link for link in element.iter("a") if link.get("href")]
    if len(links) < 3:
        return False
    total = len(_words(element))
    linked = sum(len(_words(link)) for link in links)
    return total > 0 and linked / total > _LINK_LIST and linked / len(links) < 60


def _words(element: Element) -> str:
    return re.sub(r"\s+", "", "".join(element.itertext()))


def prose_length(element: Element) -> int:
    """Characters of text outside links and scripts."""
    length = 0
    for node in element.iter():
        if not isinstance(node.tag, str) or node.tag in _NEVER:
            continue
        if node.tag != "a":
            length += len((node.text or "").strip())
        if node is not element:
            length += len((node.tail or "").strip())
    return length


def main_element(body: Element) -> Element:
    """The innermost container that holds nearly all of the page's prose."""
    total = max(prose_length(body), 1)
    place = _declared_main(body, total)
    wanted = prose_length(place)
    while True:
        inner = [child for child in place if isinstance(child.tag, str) and child.tag in _CONTAINERS - {"p", "span"}]
        best = max(inner, key=prose_length, default=None)
        if best is None or prose_length(best) < wanted * _ENOUGH_TO_FOLLOW or _has_twin(best, inner):
            return place
        place = best


def _has_twin(element: Element, siblings: list[Element]) -> bool:
    """Whether another part of the text stands beside `element`, of the same class: an annex beside its act."""
    name = element.get("class") or ""
    if not name:
        return False
    twins = (
        inner
        for sibling in siblings
        if sibling is not element
        for inner in sibling.iter(element.tag)
        if inner.get("class") == name
    )
    return any(prose_length(twin) > _SMALLEST_TWIN for twin in twins)


def _declared_main(body: Element, total: int) -> Element:
    """The one <main>, <article> or [itemprop=articleBody] that holds most of the prose, or the body."""
    for found in (
        [element for element in body.iter() if element.get("itemprop") == "articleBody"],
        list(body.iter("article")),
        [*body.iter("main"), *(element for element in body.iter() if element.get("role") == "main")],
    ):
        best = max(found, key=prose_length, default=None)
        if best is not None and prose_length(best) > total / 2:
            return best
    return body
