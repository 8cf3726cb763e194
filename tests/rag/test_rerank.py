"""A reranker's say in the reading: a fake at the one-method protocol, and a real, tiny cross-encoder made here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.store import PassageIndex
from rag.__main__ import main
from rag.answerer import Answerer
from rag.rerank import CrossEncoderReranker, RerankerUnavailable, reranker_named

QUESTION = "违反本办法的罚款是多少？"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"违反本办法的罚款是多少处五十元公园狗树苗关闭时间"]


class Fancy:
    """Likes the sentences that hold one word, whatever is asked."""

    name = "fancy"

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[str] = []

    def probabilities(self, question: str, sentences: Sequence[str]) -> list[float]:
        self.asked.append(question)
        return [float(self.word in sentence) for sentence in sentences]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two thousand weights that knows a few characters."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("cross-encoder")
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(WORDS)), encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(dict.fromkeys(WORDS)), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=128, num_labels=1,
        initializer_range=1.0,
    )  # fmt: skip
    torch.manual_seed(5)
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_sentences_that_the_reranker_prefers_move_up_and_say_so(garden_index: PassageIndex) -> None:
    candidates = Answerer(garden_index).answer(QUESTION).trace["candidates"]
    fancied = candidates[-1]["text"]
    fancy = Fancy(fancied)

    reranked = Answerer(garden_index, reranker=fancy).answer(QUESTION).trace["candidates"]

    assert fancy.asked == [QUESTION]
    assert [candidate["text"] for candidate in reranked].index(fancied) < len(candidates) - 1
    assert {candidate["text"]: candidate["reranked"] for candidate in reranked}[fancied] == 1.0


def test_without_a_reranker_nothing_is_said_of_one(garden_index: PassageIndex) -> None:
    assert all("reranked" not in candidate for candidate in Answerer(garden_index).answer(QUESTION).trace["candidates"])


def test_a_real_cross_encoder_gives_probabilities_and_the_same_ones_again(
    tiny: Path, garden_index: PassageIndex
) -> None:
    reranker = CrossEncoderReranker(str(tiny), device="cpu")
    sentences = ["违反本办法的，处五十元罚款。", "公园关闭时间是五时。"]

    first, second = (reranker.probabilities(QUESTION, sentences) for _ in range(2))
    answer = Answerer(garden_index, reranker=reranker).answer(QUESTION)

    assert first == second
    assert len(set(first)) == 2
    assert all(0 < probability < 1 for probability in first)
    assert all("reranked" in candidate for candidate in answer.trace["candidates"])


def test_none_is_no_reranker() -> None:
    assert reranker_named("none") is None


def test_what_cannot_be_loaded_is_told_with_both_ways_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(RerankerUnavailable, match=r"local cross-encoder, or use --reranker none"):
        reranker_named("nobody/such-a-model")

    assert main(["ask", QUESTION, "--reranker", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
