"""Generators with transformers: a tiny model made on the spot, taught a reply, and served by `transformers serve`."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from generator_desk import FINE, HELLO, Desk, said
from tiny_model import NO_SYSTEM, make_model, teach

from rag.generate import Generator, Sampling, load_generator
from rag.generate.errors import GeneratorTruncated, GeneratorUnavailable
from rag.generate.local import LocalGenerator, chat_text
from rag.generate.prompt import build_prompt
from rag.generate.remote import RemoteGenerator

# ---- a transformers model --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny"))


def drained(generator: Generator) -> str:
    """All text up to a possible token limit: random weights never know when to stop."""
    pieces = []
    try:
        for piece in generator.stream(HELLO):
            pieces.append(piece)
    except GeneratorTruncated:
        pass
    return "".join(pieces)


def test_local_model_gives_the_same_text_twice(tiny: Path) -> None:
    texts = {
        drained(LocalGenerator(str(tiny), sampling=Sampling(max_tokens=24, temperature=heat), device="cpu"))
        for heat in (0.0, 1.0)
        for _ in range(2)
    }
    assert len(texts) == 2
    assert all(texts)


def test_local_model_without_an_end_is_truncated(tiny: Path) -> None:
    with pytest.raises(GeneratorTruncated, match="8 tokens"):
        said(LocalGenerator(str(tiny), sampling=Sampling(max_tokens=8), device="cpu"))


def test_local_model_is_stopped_when_nobody_reads(tiny: Path) -> None:
    generator = LocalGenerator(str(tiny), sampling=Sampling(max_tokens=20_000), device="cpu")
    started = time.monotonic()
    stream = generator.stream(HELLO)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 20


def test_prompt_too_long_for_the_model_is_a_fault(tmp_path: Path) -> None:
    generator = LocalGenerator(str(make_model(tmp_path, context=64)), device="cpu")
    with pytest.raises(GeneratorUnavailable, match="holds 64; choose a model with a longer context"):
        said(generator)


@pytest.mark.parametrize("content", [None, "{}", "not json"])
def test_folder_without_a_model_is_a_fault(tmp_path: Path, desk: Desk, content: str | None) -> None:
    if content is not None:
        (tmp_path / "config.json").write_text(content, encoding="utf-8")
    generator = load_generator(f"transformers:{tmp_path}")
    with pytest.raises(GeneratorUnavailable, match="cannot be used"):
        said(generator)
    assert desk.write(generator).claims == ()


def test_template_without_a_system_role_gets_one_message(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(make_model(tmp_path, template=NO_SYSTEM))
    assert chat_text(tokenizer, HELLO) == "<|user|>Be brief.\n\n你好？<|end|><|assistant|>"
    tokenizer.chat_template = None
    assert chat_text(tokenizer, HELLO) == "Be brief.\n\n你好？\n\n"


def test_random_model_shows_nothing_of_its_own(tiny: Path, desk: Desk) -> None:
    written = desk.write(LocalGenerator(str(tiny), sampling=Sampling(max_tokens=40), device="cpu"))
    assert written.claims == ()
    assert written.note


def test_taught_model_answers_with_a_verified_claim(tmp_path: Path, desk: Desk) -> None:
    """A model that has learnt one true and one false sentence: the first is shown with its exact span."""
    from transformers import AutoTokenizer

    folder = make_model(tmp_path)
    number = desk.number_of("五十元")
    true, false = f"{FINE[:-1]}[{number}]。", f"违反本办法的，处五百元罚款[{number}]。"
    messages = build_prompt(desk.question.search_text, desk.evidence, "zh")
    teach(folder, chat_text(AutoTokenizer.from_pretrained(folder), messages), true + false)
    written = desk.write(load_generator(f"transformers:{folder}"))
    assert [claim.text for claim in written.claims] == [FINE]
    assert written.claims[0].citations[0].quote == FINE
    assert written.trace["withheld_count"] == 1


# ---- `transformers serve` --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("accelerate") is None, reason="transformers serve needs accelerate")
def test_transformers_serve_answers_over_http(tmp_path: Path, desk: Desk) -> None:
    """The real server of transformers, running a model that has learnt the answer by heart."""
    from transformers import AutoTokenizer

    folder = make_model(tmp_path / "tiny")
    messages = build_prompt(desk.question.search_text, desk.evidence, "zh")
    reply = f"{FINE[:-1]}[{desk.number_of('五十元')}]。"
    teach(folder, chat_text(AutoTokenizer.from_pretrained(folder), messages), reply)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-c", "from transformers.cli.transformers import main; main()", "serve", str(folder),
        "--port", str(port), "--device", "cpu", "--log-level", "error",
    ]  # fmt: skip
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            generator = RemoteGenerator(f"http://127.0.0.1:{port}/v1#{folder}")
            written = desk.write(generator)
        finally:
            process.terminate()
    assert [claim.text for claim in written.claims] == [FINE], written.trace


def _wait_for(port: int, process: subprocess.Popen[bytes], patience: float = 60.0) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail(f"no server on port {port}; exit status {process.poll()}")
