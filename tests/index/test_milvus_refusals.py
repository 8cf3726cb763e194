"""What a Milvus or its address may be refused for, each told in one sentence, and a token that is never shown."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests_support import TopicEmbedder

pytest.importorskip("pymilvus", reason="pymilvus is not installed")
pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")

import grpc
from milvus_support import build

from index.errors import IndexFault, StoreUnavailable
from index.milvus import CERTIFICATE_VARIABLE, TOKEN_VARIABLE, check_version, store_named


@pytest.fixture
def store(tmp_path: Path) -> str:
    return store_named(f"milvus:{tmp_path / 'lite.db'}")


@pytest.mark.parametrize("told", ["v2.3.5-lite", "2.3.21", "v1.1.1"])
def test_server_without_sparse_vectors_is_refused(told: str) -> None:
    says = rf"^Milvus at 'milvus:http://127\.0\.0\.1:1' is version {re.escape(told)}, which has no sparse vectors; run version 2\.4"
    with pytest.raises(StoreUnavailable, match=says):
        check_version("milvus:http://127.0.0.1:1", told)


@pytest.mark.parametrize("told", ["v2.4.0", "2.5.11", "v2.10.1-gpu", "3.0", "unknown"])
def test_server_with_sparse_vectors_is_taken(told: str) -> None:
    check_version("milvus:http://127.0.0.1:1", told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("elastic:http://x", "not a store"),
        ("milvus:", "not a store"),
        ("milvus:ftp://x", "no address"),
        ("milvus:data/file", "ends in .db"),
        ("milvus:https://root:secret@x:19530", TOKEN_VARIABLE),
    ],
)
def test_what_is_no_store_is_told_in_one_sentence(text: str, told: str) -> None:
    with pytest.raises(IndexFault, match=told) as caught:
        store_named(text)
    assert "secret" not in str(caught.value)


def test_server_that_is_down_is_told_before_any_work(tmp_path: Path, embedder: TopicEmbedder) -> None:
    with pytest.raises(StoreUnavailable, match=r"'milvus:http://127.0.0.1:9'.*start it"):
        build(tmp_path / "index", 1, "milvus:http://127.0.0.1:9")
    assert embedder.embedded == []


def test_missing_library_is_told(tmp_path: Path, embedder: TopicEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(StoreUnavailable, match=r"needs pymilvus; install"):
        build(tmp_path / "index", 1, "milvus:http://127.0.0.1:9")


class Guard(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Answers every call as a Milvus that knows no such token does, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def service(self, call: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        self.given += [value for key, value in call.invocation_metadata if key == "authorization"]

        def refuse(_request: bytes, context: grpc.ServicerContext) -> bytes:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure, please check api key is correct")
            return b""

        return grpc.unary_unary_rpc_method_handler(refuse)


@pytest.fixture
def guard() -> Iterator[tuple[Guard, int]]:
    handler = Guard()
    server = grpc.server(ThreadPoolExecutor(2), handlers=[handler])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield handler, port
    server.stop(None)


def test_refused_token_is_told_and_never_shown(
    tmp_path: Path,
    embedder: TopicEmbedder,
    guard: tuple[Guard, int],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    handler, port = guard
    monkeypatch.setenv(TOKEN_VARIABLE, "root:quietly")
    with caplog.at_level(logging.DEBUG), pytest.raises(StoreUnavailable, match="refused the token") as caught:
        build(tmp_path / "index", 1, f"milvus:http://127.0.0.1:{port}")
    assert handler.given  # it did travel, encoded, where it belongs
    shown = str(caught.value) + caplog.text + "".join(capfd.readouterr())
    assert "quietly" not in shown


def test_token_is_not_written(tmp_path: Path, store: str, embedder: TopicEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv(TOKEN_VARIABLE, "root:quietly")
    build(tmp_path / "index", 1, store)
    assert all(b"quietly" not in path.read_bytes() for path in (tmp_path / "index").rglob("*") if path.is_file())


def test_tls_is_used_and_a_plain_server_is_refused(
    tmp_path: Path, embedder: TopicEmbedder, guard: tuple[Guard, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """https:// never falls back to plain text: the token does not reach a server that has no certificate."""
    handler, port = guard
    monkeypatch.setenv(TOKEN_VARIABLE, "root:quietly")
    monkeypatch.delenv(CERTIFICATE_VARIABLE, raising=False)
    with pytest.raises(StoreUnavailable, match="does not serve"):
        build(tmp_path / "index", 1, f"milvus:https://127.0.0.1:{port}")
    assert handler.given == []
