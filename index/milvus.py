"""Milvus: where it is, and the few operations on its collections that an index needs.

A store is written `milvus:URI`; the URI is that of a server or cluster (http://host:19530, https:// for TLS) or the
path of a Milvus Lite file (….db). The token comes from BLETCHLEY_MILVUS_TOKEN and the certificate of a private
authority from the file that BLETCHLEY_MILVUS_CA names; neither is ever written anywhere. pymilvus is known here alone.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from index.errors import IndexFault, StoreUnavailable
from index.manifest import LOCAL

if TYPE_CHECKING:
    from pymilvus import MilvusClient

FORMS = "local | milvus:http[s]://HOST:PORT | milvus:FILE.db"
TOKEN_VARIABLE, CERTIFICATE_VARIABLE = "BLETCHLEY_MILVUS_TOKEN", "BLETCHLEY_MILVUS_CA"
# What a generation needs is seen by a "Strong" read before the generation serves, so its readers need no more.
CONSISTENCY = "Bounded"
LARGEST_ANSWER = 16384  # rows that Milvus gives at most for one search
_SCHEME = "milvus:"
_CONNECT_SECONDS, _SEARCH_SECONDS = 10.0, 30.0
_EXACT_UP_TO = 100_000  # rows; beyond, a graph (HNSW) finds the nearest
_NEIGHBOURS, _BUILD_BREADTH, _SEARCH_BREADTH = 32, 200, 512
_LEAST_VERSION = (2, 4)
_LONGEST_NAME = 1024  # bytes of a source id or language
_REFUSED = ("auth check failure", "unauthenticated", "permission deny", "permission denied")

P = ParamSpec("P")
T = TypeVar("T")


def store_named(text: str) -> str:
    """A store in its canonical form, "local" or `milvus:URI` with an absolute path; raises IndexFault."""
    if text == LOCAL:
        return text
    uri = text.removeprefix(_SCHEME)
    if not text.startswith(_SCHEME) or not uri:
        raise IndexFault(f"{text!r} is not a store; give one of: {FORMS}.")
    parts = urlsplit(uri)
    if parts.username is not None or parts.password is not None:
        raise IndexFault(
            f"The address of Milvus must not hold a password, for it is written to the index; set {TOKEN_VARIABLE}."
        )
    if parts.scheme in {"http", "https"} and parts.hostname:
        return f"{_SCHEME}{uri.rstrip('/')}"
    if "://" in uri or not uri.endswith(".db"):
        raise IndexFault(
            f"{uri!r} is no address of Milvus; give http[s]://HOST:PORT, or a file whose name ends in .db."
        )
    return f"{_SCHEME}{Path(uri).expanduser().resolve()}"


def _explained(operation: Callable[Concatenate[Collections, P], T]) -> Callable[Concatenate[Collections, P], T]:
    """What Milvus refuses, as one sentence."""

    @wraps(operation)
    def inner(self: Collections, /, *arguments: P.args, **options: P.kwargs) -> T:
        from pymilvus.exceptions import MilvusException

        try:
            return operation(self, *arguments, **options)
        except MilvusException as error:
            raise _fault(self.store, error) from None

    return inner


def _fault(store: str, error: Exception) -> StoreUnavailable:
    text = " ".join(str(getattr(error, "message", error)).split())
    cause = str(error.__cause__ or "")  # a refusal while connecting is told as a failed connection
    if any(sign in f"{text} {cause}".lower() for sign in _REFUSED):
        return StoreUnavailable(f"Milvus at {store!r} refused the token; set {TOKEN_VARIABLE} to one that it knows.")
    if "locked" in text.lower():
        return StoreUnavailable(f"{store!r} is open in another process; stop that one, or use a Milvus server.")
    return StoreUnavailable(f"Milvus at {store!r} does not serve ({text[:200]}); start it, or name another by --store.")


def check_version(store: str, version: str) -> None:
    """Raise StoreUnavailable where a server of that version has no sparse vectors; one that tells none is let pass."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    if found and (int(found[1]), int(found[2])) < _LEAST_VERSION:
        raise StoreUnavailable(
            f"Milvus at {store!r} is version {version}, which has no sparse vectors; run version 2.4 or a later one."
        )


class Collections:
    """The collections at one store. Every method raises StoreUnavailable; safe to share between threads."""

    def __init__(self, store: str) -> None:
        """Connect; raises StoreUnavailable where nobody answers, the token is refused or pymilvus is missing."""
        self.store = store
        try:
            from pymilvus import MilvusClient
            from pymilvus.exceptions import MilvusException
        except ImportError:
            raise StoreUnavailable(
                f"Store {store!r} needs pymilvus; install the extra with: pip install '.[milvus]'"
            ) from None
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs what is raised as well
        uri = store.removeprefix(_SCHEME)
        options: dict[str, Any] = {"token": os.environ.get(TOKEN_VARIABLE, "")}
        if uri.startswith("https://"):
            options["secure"] = True
            if certificate := os.environ.get(CERTIFICATE_VARIABLE):
                options["server_pem_path"] = certificate
        elif not uri.startswith("http://"):
            Path(uri).parent.mkdir(parents=True, exist_ok=True)
        try:
            self._client: MilvusClient = MilvusClient(uri, timeout=_CONNECT_SECONDS, **options)
        except (MilvusException, ImportError, OSError, ValueError) as error:
            raise _fault(store, error) from None

    @_explained
    def names(self) -> list[str]:
        """All collections."""
        return sorted(self._client.list_collections())

    @_explained
    def check_version(self) -> None:
        """Refuse a server that has no sparse vectors, before anything is sent to it."""
        if self.store.startswith((f"{_SCHEME}http://", f"{_SCHEME}https://")):
            check_version(self.store, self._client.get_server_version())

    @_explained
    def create(self, name: str, dimension: int, rows: int) -> None:
        """An empty collection for about `rows` passages: id, source, language, dense vector, weights of terms."""
        from pymilvus import DataType

        client = self._client
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=64)
        schema.add_field("source", DataType.VARCHAR, max_length=_LONGEST_NAME)
        schema.add_field("language", DataType.VARCHAR, max_length=_LONGEST_NAME)
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
        schema.add_field("terms", DataType.SPARSE_FLOAT_VECTOR)
        indexes = client.prepare_index_params()
        if rows <= _EXACT_UP_TO:
            indexes.add_index("dense", index_type="FLAT", metric_type="IP")
        else:
            graph = {"M": _NEIGHBOURS, "efConstruction": _BUILD_BREADTH}
            indexes.add_index("dense", index_type="HNSW", metric_type="IP", params=graph)
        indexes.add_index("terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        client.create_collection(name, schema=schema, index_params=indexes, consistency_level=CONSISTENCY)

    @_explained
    def drop(self, name: str) -> None:
        """Remove a collection."""
        self._client.drop_collection(name)

    @_explained
    def alias_target(self, alias: str) -> str | None:
        """The collection that an alias stands for, or None."""
        known = self._client.list_aliases().get("aliases", [])
        return str(self._client.describe_alias(alias)["collection_name"]) if alias in known else None

    def point(self, alias: str, name: str) -> None:
        """Let `alias` stand for the collection, in one step."""
        before = self.alias_target(alias)
        if before != name:
            self._point(alias, name, is_new=before is None)

    @_explained
    def _point(self, alias: str, name: str, *, is_new: bool) -> None:
        (self._client.create_alias if is_new else self._client.alter_alias)(collection_name=name, alias=alias)

    @_explained
    def upsert(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put rows in, replacing those of the same id."""
        self._client.upsert(name, list(rows))

    @_explained
    def delete(self, name: str, ids: Sequence[str]) -> None:
        """Take rows out."""
        self._client.delete(name, ids=list(ids))

    @_explained
    def load(self, name: str) -> None:
        """Have Milvus bring the collection into its memory, where it is not; searches need it there."""
        self._client.load_collection(name)

    @_explained
    def finish(self, name: str) -> None:
        """Bring everything to the store's disk and into its memory, ready for searches."""
        self._client.flush(name)
        self._client.load_collection(name)

    @_explained
    def ids(self, name: str) -> set[str]:
        """Ids of all rows, everything written so far included."""
        self._client.load_collection(name)
        return {row["id"] for batch in self._batches(name) for row in batch}

    def _batches(self, name: str) -> Iterator[list[dict[str, Any]]]:
        iterator = self._client.query_iterator(
            name, batch_size=LARGEST_ANSWER // 2, filter="", output_fields=["id"], consistency_level="Strong"
        )
        while batch := iterator.next():
            yield batch
        iterator.close()

    @_explained
    def search(self, name: str, field: str, vector: Any, limit: int, where: str, output: str) -> list[dict[str, Any]]:
        """The `limit` rows nearest to `vector` by inner product, best first, with the field `output`.

        Each row is {"id": …, "distance": …, "entity": {output: …}}; `where` is a filter, empty for none.
        """
        breadth = {"ef": max(_SEARCH_BREADTH, 2 * limit)} if field == "dense" else {}
        answers = self._client.search(
            name,
            data=[vector],
            anns_field=field,
            limit=limit,
            filter=where,
            output_fields=[output],
            search_params={"metric_type": "IP", "params": breadth},
            timeout=_SEARCH_SECONDS,
        )
        return list(answers[0])
