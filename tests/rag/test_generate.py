"""Generators over HTTP: a real server that speaks the OpenAI protocol, well or badly; names, addresses and keys."""

from __future__ import annotations

import itertools
import logging
import socket
import subprocess
import sys
import time

import pytest
from generator_desk import FINE, HELLO, QUICK, Desk, remote, said
from openai_server import ChatServer

from rag.generate import GeneratorFault, load_generator
from rag.generate.errors import BadGeneratorName, GeneratorNonsense, GeneratorTruncated, GeneratorUnavailable
from rag.generate.message import until_stop
from rag.generate.remote import Patience, RemoteGenerator

# ---- names and addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "gpt", "transformers:", "openai:", "http://x/v1#m", "extractive"])
def test_unknown_name_says_which_forms_there_are(name: str) -> None:
    with pytest.raises(BadGeneratorName, match="use one of extractive, transformers:NAME_OR_PATH, openai:URL#MODEL"):
        load_generator(name)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://localhost/v1", "names no model"),
        ("ftp://localhost/v1#m", "not an http or https URL"),
        ("file:///etc/passwd#m", "not an http or https URL"),
        ("http:///v1#m", "not an http or https URL"),
        ("http://host:99999/v1#m", "not a URL"),
        ("http://host/v1?key=1#m", "has a query"),
        ("http://host/v1 #m", "spaces"),
        ("http://host/v1\r\nX: y#m", "spaces or control"),
    ],
)
def test_bad_address_is_refused_before_anything_is_sent(address: str, words: str) -> None:
    with pytest.raises(BadGeneratorName, match=words):
        load_generator(f"openai:{address}")


def test_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadGeneratorName, match="OPENAI_API_KEY") as caught:
        load_generator("openai:https://me:hunter2@host/v1#m")
    assert "hunter2" not in str(caught.value)


def test_loading_a_generator_imports_no_heavy_library() -> None:
    code = (
        "import sys; from rag.generate import load_generator; load_generator('transformers:x');"
        "load_generator('openai:http://127.0.0.1:1/v1#m');"
        "print([name for name in ('torch', 'transformers', 'httpx', 'openai') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


# ---- the key ---------------------------------------------------------------------------------------------


def test_key_goes_to_this_machine_and_into_no_log(server: ChatServer, caplog: pytest.LogCaptureFixture) -> None:
    server.reply = "yes"
    with caplog.at_level(logging.DEBUG):
        generator = remote(server, "good", api_key="sk-secret")
        assert said(generator) == "yes"
        with pytest.raises(GeneratorUnavailable, match="OPENAI_API_KEY") as caught:
            said(remote(server, "locked", api_key="sk-secret"))
    assert server.headers_seen[0]["Authorization"] == "Bearer sk-secret"
    assert "sk-secret" not in caplog.text + str(caught.value) + repr(generator) + generator.name


def test_key_does_not_travel_unencrypted_to_another_machine() -> None:
    assert RemoteGenerator("http://192.168.7.7/v1#m", api_key="k")._key == ""
    assert RemoteGenerator("http://localhost.example.org/v1#m", api_key="k")._key == ""
    assert RemoteGenerator("https://api.example.org/v1#m", api_key="k")._key == "k"


def test_redirects_are_not_followed(server: ChatServer) -> None:
    with pytest.raises(GeneratorUnavailable, match="302"):
        said(remote(server, "away", api_key="sk-secret"))


def test_words_of_the_server_are_not_repeated(server: ChatServer) -> None:
    with pytest.raises(GeneratorNonsense) as caught:
        said(remote(server, "complaining"))
    assert "sk-secret" not in str(caught.value)


# ---- the protocol ----------------------------------------------------------------------------------------


def test_streams_the_reply_and_sends_settings(server: ChatServer) -> None:
    server.reply = "五十元以上，a “fine”.\nNext"
    pieces = list(remote(server, "good").stream(HELLO))
    assert "".join(pieces) == server.reply
    assert len(pieces) > 3
    body = server.requests[0]
    assert body["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "你好？"}]
    assert (body["model"], body["stream"], body["temperature"], body["seed"]) == ("tiny", True, 0.0, 20231101)


def test_reply_that_is_not_streamed_is_read_too(server: ChatServer) -> None:
    server.reply = "全部"
    assert said(remote(server, "json")) == "全部"


def test_server_that_knows_fewer_settings_is_asked_without_them(server: ChatServer) -> None:
    server.reply = "yes"
    assert said(remote(server, "narrow")) == "yes"


def test_busy_server_is_tried_again_after_a_pause(server: ChatServer) -> None:
    pauses: list[float] = []
    server.reply, server.failures_left = "yes", 2
    patience = Patience(pauses=(0.5, 2.0))
    assert said(RemoteGenerator(server.address("failing"), patience=patience, sleep=pauses.append)) == "yes"
    assert pauses == [0.5, 2.0]


def test_asked_for_pause_is_kept_within_reason(server: ChatServer) -> None:
    pauses: list[float] = []
    server.reply, server.failures_left = "yes", 1
    assert said(RemoteGenerator(server.address("patient"), sleep=pauses.append)) == "yes"
    assert pauses == [10.0]


@pytest.mark.parametrize(
    ("mode", "fault", "tries"),
    [
        ("broken", GeneratorUnavailable, 3),
        ("locked", GeneratorUnavailable, 1),
        ("missing", GeneratorUnavailable, 1),
        ("slow", GeneratorUnavailable, 1),
        ("dripping", GeneratorUnavailable, 1),
        ("endless", GeneratorTruncated, 1),
        ("truncating", GeneratorTruncated, 1),
        ("limited", GeneratorTruncated, 1),
        ("malformed", GeneratorNonsense, 1),
        ("strange", GeneratorNonsense, 1),
        ("complaining", GeneratorNonsense, 1),
        ("binary", GeneratorNonsense, 1),
        ("page", GeneratorTruncated, 1),
    ],
)
def test_every_misbehaviour_is_a_fault_in_good_time(
    server: ChatServer, desk: Desk, mode: str, fault: type[GeneratorFault], tries: int
) -> None:
    server.reply = f"{FINE[:-1]}[1]。" * 2
    started = time.monotonic()
    with pytest.raises(fault):
        said(remote(server, mode))
    assert time.monotonic() - started < 5
    assert len(server.requests) == tries
    written = desk.write(remote(server, mode))
    assert written.claims == ()
    assert written.note == "语言模型不可用或没有答完，以下直接摘自资料。"
    assert written.trace["fault"]


def test_server_that_is_down_is_a_fault(desk: Desk) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    generator = RemoteGenerator(f"http://127.0.0.1:{port}/v1#tiny", patience=QUICK)
    with pytest.raises(GeneratorUnavailable, match="check that it runs"):
        said(generator)
    assert desk.write(generator).note.startswith("语言模型不可用")


def test_leaving_the_stream_early_closes_it(server: ChatServer) -> None:
    server.reply = "words " * 50
    assert len(list(itertools.islice(remote(server, "good").stream(HELLO), 2))) == 2


def test_stop_texts_spread_over_pieces_end_the_reply() -> None:
    assert "".join(until_stop(iter(["one tw", "o ST", "OP three"]), ("STOP",))) == "one two "
    assert "".join(until_stop(iter(["one ", "two"]), ("STOP",))) == "one two"
    assert "".join(until_stop(iter(["one"]), ())) == "one"
