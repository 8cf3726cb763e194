"""A rebuild cannot hurt: killed, refused by the disk, or done under questions, the index in use goes on answering."""

from __future__ import annotations

import logging
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests_support import GARDEN_LAW, TopicEmbedder, make_edition

from index import generations
from index.build import build_index, rollback
from index.errors import IndexBroken, IndexFault, IndexMissing, IndexNotWritten
from index.generations import KEEP_GENERATIONS, current_generation
from index.live import LiveIndex
from index.store import PassageIndex
from sources.edition import Edition

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"garden-law": {"zh": ["园林管理办法"]}}


def version(number: int) -> list[Edition]:
    """Contents that tell their number: in the words of a passage and in a passage that only they have."""
    text = GARDEN_LAW.replace("五十元", f"{number}元") + f"\n第四条 本版编号{number}。\n"
    return [make_edition("garden-law", "zh", text)]


def build(folder: Path, number: int) -> str:
    return build_index(version(number), NAMES, folder).id


def held_numbers(passage_index: PassageIndex) -> tuple[str, str, int]:
    """The version's number as three parts of the index tell it: a found passage, the edition, the manifest."""
    best = next(hit.passage for hit in passage_index.search("本版编号") if hit.passage.locator.startswith("art4"))
    text = passage_index.editions["garden-law.zh"].text
    assert text[best.start : best.end] == best.text
    return best.text, text[text.index("本版编号") :].strip(), passage_index.manifest.passages


@pytest.mark.slow
def test_killed_at_any_instant_loses_nothing() -> None:
    """A few instants of tools/kill_test.py, which tries them all."""
    done = subprocess.run(
        [sys.executable, "tools/kill_test.py", "--step", "23", "--random", "8"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "random: 8 instants, every index sound and rebuilt" in done.stdout


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """The system refuses to let any file grow beyond `size` bytes, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 20, 100, 400, 1000])
def test_full_disk_leaves_the_old_index_serving_and_no_litter(
    tmp_path: Path, embedder: TopicEmbedder, size: int
) -> None:
    first = build(tmp_path, 1)
    with largest_file(size), pytest.raises(IndexNotWritten, match="make room.*The index in use is as it was"):
        build(tmp_path, 2)
    assert PassageIndex.open(tmp_path).id == first
    assert [path.name for path in (tmp_path / "generations").iterdir()] == [first]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "CURRENT", "generations"]
    assert build(tmp_path, 2) != first


@pytest.mark.parametrize("refused", ["mkdtemp", "rename", "fsync", "replace"])
def test_refused_operation_leaves_the_old_index_serving(
    tmp_path: Path, embedder: TopicEmbedder, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    first = build(tmp_path, 1)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    target = {"mkdtemp": "tempfile.mkdtemp", "rename": "pathlib.Path.rename", "fsync": "os.fsync",
              "replace": "pathlib.Path.replace"}[refused]  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(target, refuse)
        with pytest.raises(IndexNotWritten, match="Permission denied"):
            build(tmp_path, 2)
    assert PassageIndex.open(tmp_path).id == first
    assert not list(tmp_path.glob("**/.building-*"))
    assert not list(tmp_path.glob(".CURRENT*"))


def test_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, embedder: TopicEmbedder) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexNotWritten, match=r"cannot be written to .*file"):
        build(tmp_path / "file", 1)


def test_the_last_generations_are_kept_and_rolling_back_goes_through_them(
    tmp_path: Path, embedder: TopicEmbedder
) -> None:
    ids = [build(tmp_path, number) for number in range(5)]
    assert [path.name for path in generations.generations(tmp_path)] == ids[:1:-1]
    assert len(ids[2:]) == KEEP_GENERATIONS
    assert [rollback(tmp_path), rollback(tmp_path)] == [ids[3], ids[2]]
    with pytest.raises(IndexFault, match="no earlier generation"):
        rollback(tmp_path)
    assert PassageIndex.open(tmp_path).id == ids[2]


def test_rolling_back_passes_over_a_damaged_generation(tmp_path: Path, embedder: TopicEmbedder) -> None:
    ids = [build(tmp_path, number) for number in range(3)]
    (tmp_path / "generations" / ids[1] / "passages.json").write_text("{}")
    assert rollback(tmp_path) == ids[0]


@pytest.mark.parametrize("content", ["", "../../etc", "0123456789ab", "\x00"])
def test_damaged_pointer_is_told_and_mended_by_the_next_build(
    tmp_path: Path, embedder: TopicEmbedder, content: str
) -> None:
    identity = build(tmp_path, 1)
    (tmp_path / "CURRENT").write_text(content)
    with pytest.raises((IndexBroken, IndexMissing)):
        PassageIndex.open(tmp_path)
    assert build(tmp_path, 1) == identity
    assert PassageIndex.open(tmp_path).id == identity


def test_open_index_outlives_its_generation(tmp_path: Path, embedder: TopicEmbedder) -> None:
    build(tmp_path, 1)
    opened = PassageIndex.open(tmp_path)
    before = held_numbers(opened)
    shutil.rmtree(current_generation(tmp_path))
    assert held_numbers(opened) == before


def test_opening_follows_a_switch_that_removes_what_is_being_opened(
    tmp_path: Path, embedder: TopicEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading CURRENT and opening the files, other builds may switch on and collect that generation."""
    build(tmp_path, 1)
    opening = PassageIndex.open_generation.__func__
    tried: list[Path] = []

    def overtaken(cls: type[PassageIndex], generation: Path, **options: object) -> PassageIndex:
        tried.append(generation)
        if len(tried) == 1:
            shutil.rmtree(generation)
            build(tmp_path, 2)
        return opening(cls, generation, **options)

    monkeypatch.setattr(PassageIndex, "open_generation", classmethod(overtaken))
    assert "编号2" in held_numbers(PassageIndex.open(tmp_path))[0]
    assert len(tried) == 2


def test_no_question_fails_or_sees_two_generations_while_rebuilding_in_a_loop(
    tmp_path: Path, embedder: TopicEmbedder
) -> None:
    """Twenty askers, one builder that changes the text twelve times and rolls back three times."""
    build(tmp_path, 0)
    live = LiveIndex(tmp_path)
    stop, faults, seen, asked = threading.Event(), [], set(), [0] * 20

    def ask(number: int) -> None:
        try:
            while not stop.is_set():
                passage_index = live.current()
                quote, text, _ = held_numbers(passage_index)
                seen.add(passage_index.id)
                asked[number] += 1
                if not text.endswith(quote.removeprefix("第四条 ")):
                    faults.append(f"{quote!r} is not in {text!r}")
                time.sleep(0.005)  # or the builder would hardly get a turn
        except Exception as error:  # noqa: BLE001  any fault at all is what this looks for
            faults.append(repr(error))

    askers = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for asker in askers:
        asker.start()
    for number in range(1, 13):
        build(tmp_path, number % 6)
        if number % 4 == 0:
            rollback(tmp_path)
    stop.set()
    for asker in askers:
        asker.join(20)
    assert faults == []
    assert min(asked) > 0
    assert len(seen) > 1
    assert live.current().id == current_generation(tmp_path).name


def test_live_index_goes_on_when_the_new_generation_cannot_be_opened(
    tmp_path: Path, embedder: TopicEmbedder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = build(tmp_path, 1)
    live = LiveIndex(tmp_path)
    second = build(tmp_path, 2)
    passages = tmp_path / "generations" / second / "passages.json"
    sound = passages.read_bytes()
    passages.write_bytes(b"{")
    with caplog.at_level(logging.WARNING):
        assert [live.current().id for _ in range(3)] == [first] * 3
    assert len(caplog.records) == 1  # not once for each question
    passages.write_bytes(sound)
    monkeypatch.setattr(live, "_retry_at", 0.0)
    assert live.current().id == second


def test_live_index_goes_on_when_the_whole_folder_is_gone(tmp_path: Path, embedder: TopicEmbedder) -> None:
    first = build(tmp_path / "index", 1)
    live = LiveIndex(tmp_path / "index")
    shutil.rmtree(tmp_path / "index")
    assert live.current().id == first
    assert "编号1" in held_numbers(live.current())[0]


def test_live_index_keeps_its_embedder_across_generations(
    tmp_path: Path, embedder: TopicEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, 1)
    live = LiveIndex(tmp_path)
    held_numbers(live.current())
    second = build(tmp_path, 2)

    def load_again(_name: str) -> None:
        raise AssertionError("the embedder was loaded again")

    monkeypatch.setattr("index.store.load_embedder", load_again)
    assert live.current().id == second
    assert "编号2" in held_numbers(live.current())[0]


def test_two_builders_wait_for_each_other(tmp_path: Path, embedder: TopicEmbedder) -> None:
    """Whichever is last is in use, and both end well."""
    reports: list[str] = []
    builders = [threading.Thread(target=lambda n=number: reports.append(build(tmp_path, n))) for number in range(6)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join(30)
    assert len(reports) == 6
    assert PassageIndex.open(tmp_path).id in reports
    assert len(list((tmp_path / "generations").iterdir())) == KEEP_GENERATIONS
