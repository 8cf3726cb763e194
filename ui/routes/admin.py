"""Changing the sources: add and remove texts, see what a rebuild would change, rebuild. Behind `ui.guard`."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from pydantic import StringConstraints
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from rag.export.address import safe_url
from sources.catalogue import Catalogue
from sources.edition import Edition
from sources.errors import SourceError
from sources.holdings import Holdings
from sources.load import load_file
from sources.readers import READABLE_SUFFIXES
from ui.guard import administrator
from ui.rebuilding import Rebuilding
from ui.refusals import refusal_language
from ui.running import Site
from ui.security import UPLOAD_LIMIT

_MOST_TEXTS = 500
_NAME = re.compile(r"^[^/\\\x00-\x1f<>:\"|?*]{1,150}$")
_ELSEWHERE = "This index was built from other folders; rebuild it with: python -m index build --sources DIR --index DIR"


def admin_routes(site: Site) -> APIRouter:
    """Everything that changes sources or index."""
    router = APIRouter()
    _add_source_routes(router, site, Holdings(site.settings.data_folder))
    _add_index_routes(router, site)
    return router


def _add_source_routes(router: APIRouter, site: Site, holdings: Holdings) -> None:

    @router.put("/v1/sources/files/{name}", status_code=201)
    async def add(
        name: str,
        request: Request,
        title: Annotated[str, Query(max_length=200)] = "",
        language: Annotated[Literal["zh", "en", ""], Query()] = "",
        id: Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9-]{0,79})?$"), Query()] = "",  # noqa: A002
        url: Annotated[str, Query(max_length=2000)] = "",
    ) -> dict[str, object]:
        """Add one text: its bytes are the body, its name tells the format."""
        administrator(request, site.settings)
        _check_name(name)
        check_room(site)
        try:
            content = await request.body()
        except ClientDisconnect:
            raise HTTPException(413, f"{name} is larger than {UPLOAD_LIMIT:,} bytes; split it.") from None
        metadata = {"title": title, "language": language, "id": id, "canonical_url": safe_url(url)}
        given = {key: value for key, value in metadata.items() if value}
        catalogue = site.now().catalogue
        try:
            edition = await anyio.to_thread.run_sync(_take_in, name, content, given, catalogue, holdings)
        except SourceError as error:
            raise HTTPException(422, str(error)) from None
        return {
            "id": edition.source_id,
            "language": edition.language,
            "title": edition.title,
            "units": len(edition.units),
            "recognised": edition.source_id in catalogue,
        }

    @router.delete("/v1/sources/{source_id}")
    def remove(source_id: str, request: Request) -> dict[str, object]:
        """Forget every text of that id that was added; shipped digests stay."""
        administrator(request, site.settings)
        if not re.match(r"^[a-z0-9][a-z0-9-]{0,79}$", source_id):
            raise HTTPException(422, "An id has lower-case letters, digits and hyphens only.")
        try:
            return {"removed": holdings.remove(source_id)}
        except SourceError as error:
            raise HTTPException(404, str(error)) from None


def _add_index_routes(router: APIRouter, site: Site) -> None:
    @router.post("/v1/index/plan")
    def plan(request: Request) -> dict[str, object]:
        """What a rebuild would change; nothing is built."""
        administrator(request, site.settings)
        return _rebuilding(site).plan().record(refusal_language(request))

    @router.post("/v1/index/rebuild", status_code=202)
    def rebuild(request: Request) -> dict[str, object]:
        """Rebuild in the background; questions are answered from the old index until the new one is complete."""
        administrator(request, site.settings)
        if not _rebuilding(site).start():
            raise HTTPException(409, "A rebuild is running; wait until it is done.")
        return _rebuilding(site).progress.record(refusal_language(request))

    @router.get("/v1/index/rebuild")
    def progress(request: Request) -> dict[str, object]:
        """Where the latest rebuild stands, and which index answers now."""
        administrator(request, site.settings)
        return {**_rebuilding(site).progress.record(refusal_language(request)), "in_use": site.now().shelf.id}


def check_room(site: Site) -> None:
    """Refuse another text where as many are held as may be."""
    folder = Holdings(site.settings.data_folder).folder
    if folder.is_dir() and sum(1 for _ in folder.glob("*.txt")) >= _MOST_TEXTS:
        raise HTTPException(409, f"{_MOST_TEXTS} texts are held already; remove some before adding more.")


def _rebuilding(site: Site) -> Rebuilding:
    if site.rebuilding is None:
        raise HTTPException(409, _ELSEWHERE)
    return site.rebuilding


def _check_name(name: str) -> None:
    if not _NAME.match(name) or name.startswith("."):
        raise HTTPException(422, "The file's name has characters that a name cannot have; rename it.")
    if Path(name).suffix.lower() not in READABLE_SUFFIXES:
        raise HTTPException(
            415, f"{name} cannot be read as text; give a file that ends in {', '.join(READABLE_SUFFIXES)}."
        )


def _take_in(name: str, content: bytes, metadata: dict[str, str], catalogue: Catalogue, holdings: Holdings) -> Edition:
    """Read the text in a folder of its own, and keep it if it can be read."""
    with tempfile.TemporaryDirectory(prefix="bletchley-upload-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        if metadata:
            path.with_suffix(".json").write_text(json.dumps(metadata, ensure_ascii=False), encoding="utf-8")
        edition = load_file(path, catalogue)
    holdings.add(edition)
    return edition
