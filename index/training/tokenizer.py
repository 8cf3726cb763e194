"""The encoder's tokenizer: one Unigram vocabulary over Chinese and English, punctuation removed.

The two languages are learned apart and then joined: a run of text is never of both scripts, so their scores
never compete, and neither language can crowd the other out of the vocabulary.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

WORD_START = "▁"
UNKNOWN = "<unk>"
_LEAST_COUNT = 40  # an English word seen so often is always one piece
_HAN = re.compile(r"[\u3400-\u9fff]")


def new_tokenizer() -> Tokenizer:
    """An untrained tokenizer: folded width, case and accents; a mark where a Latin word starts."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.NFC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex("(?<![a-z0-9])(?=[a-z])"), WORD_START),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}" + WORD_START + "]+"), "removed"),
            pre_tokenizers.Split(Regex(r"\p{Han}+|[0-9]+|" + WORD_START + "[a-z0-9]+"), "isolated"),
        ]
    )
    return tokenizer


def train_tokenizer(chinese: Sequence[str], english: Sequence[str], chinese_size: int, english_size: int) -> Tokenizer:
    """A tokenizer with about the wanted number of pieces for each language."""
    pieces: dict[str, float] = {}
    for piece, score in _learn(chinese, chinese_size):
        if _HAN.search(piece):
            pieces[piece] = score
    counts = Counter(word for text in english for word in re.findall("[a-z]+", text.lower()))
    total = sum(counts.values())
    for piece, score in _learn(english, english_size):
        if not _HAN.search(piece):
            pieces.setdefault(piece, score)
    for word, count in counts.items():
        if count >= _LEAST_COUNT:
            pieces.setdefault(WORD_START + word, math.log(count / total))
    pieces.pop(UNKNOWN, None)
    vocabulary = [(UNKNOWN, 0.0), *sorted(pieces.items(), key=lambda item: (-item[1], item[0]))]
    tokenizer = new_tokenizer()
    tokenizer.model = models.Unigram(vocabulary, unk_id=0)
    return tokenizer


def _learn(texts: Sequence[str], size: int) -> list[tuple[str, float]]:
    tokenizer = new_tokenizer()
    trainer = trainers.UnigramTrainer(
        vocab_size=size,
        special_tokens=[UNKNOWN],
        unk_token=UNKNOWN,
        max_piece_length=16,
        shrinking_factor=0.7,
        n_sub_iterations=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return [(piece, score) for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"]]
