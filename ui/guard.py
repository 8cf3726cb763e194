"""Who may change something: only pages of this server, and where sources are concerned only who has the token."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from fastapi import Request
from starlette.exceptions import HTTPException

from ui.running import Settings


def same_origin(request: Request) -> None:
    """Refuse what a page of another site sends; programs, which send no origin, may."""
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none") or (
        origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    ):
        raise HTTPException(403, "The request came from a page of another site; use this server's own page.")


def administrator(request: Request, settings: Settings) -> None:
    """Refuse who may not change the sources."""
    same_origin(request)
    if settings.admin_token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not secrets.compare_digest(given.encode(), settings.admin_token.encode()):
            raise HTTPException(401, "The admin token is missing or wrong; enter the one the server was started with.")
    elif not settings.is_local:
        raise HTTPException(
            403,
            "Sources can be changed from elsewhere only if the server is started with --admin-token; ask its owner.",
        )
