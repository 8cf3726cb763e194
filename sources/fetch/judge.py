"""What came back for a source's page: its text, a page that says it is gone, or something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from sources.edition import Edition
from sources.library import DigestEntry

_LONGEST_NOTICE = 1500  # characters; a page that says it is gone says little else
_GONE = re.compile(
    r"\b(?:404|410)\b|page (?:was |could |can)?(?:not|n.t)(?: be)? found|page (?:does not|doesn.t) exist"
    r"|no longer (?:available|exists)|can.?t find (?:that|the|this) page|has been (?:removed|deleted)"
    r"|content (?:is )?(?:not available|unavailable)|页面不存在|找不到[^。]{0,8}(?:页|网页|页面)"
    r"|(?:页面|网页|内容|文章)[^。]{0,6}(?:不存在|已删除|已被删除|已下线|找不到)|您访问的[^。]{0,12}(?:不存在|走失|丢失)",
    re.IGNORECASE,
)
_BARRIER = re.compile(
    r"enable javascript|verify (?:that )?you are (?:a )?human|checking your browser|access denied|captcha"
    r"|unusual traffic|安全验证|人机验证|访问过于频繁",
    re.IGNORECASE,
)
_LEAST_UNITS = 0.5  # of the digest's places that a text must have to be taken for that source
_FEWEST_PLACES = 4


def says_gone(text: str) -> bool:
    """Whether a page that was delivered as found says that there is nothing (a soft 404)."""
    return len(text.strip()) < _LONGEST_NOTICE and bool(_GONE.search(text))


def is_barrier(text: str) -> bool:
    """Whether the page only asks for scripts or for proof of being human."""
    return len(text.strip()) < _LONGEST_NOTICE and bool(_BARRIER.search(text))


def leads_home(url: str, final_url: str) -> bool:
    """Whether a deep address ended at a site's front page, which means the page is gone."""
    asked, reached = urlsplit(url).path.strip("/"), urlsplit(final_url).path.strip("/").lower()
    return (
        bool(asked) and asked.lower() != reached and re.sub(r"(?:index|default|home)\.\w+$", "", reached) in ("", "en")
    )


def share_of_places(edition: Edition, digest: Sequence[DigestEntry]) -> float:
    """How much of what the digest restates the text has a place for; 1.0 where the digest is too small to tell."""
    if len(digest) < _FEWEST_PLACES:
        return 1.0
    return sum(bool(edition.units_within(entry.locator)) for entry in digest) / len(digest)


def is_whole(edition: Edition, digest: Sequence[DigestEntry]) -> bool:
    """Whether a text can be the source that the digest restates, and not a page about it."""
    return share_of_places(edition, digest) >= _LEAST_UNITS
