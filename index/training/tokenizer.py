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
_LEAST_USE = 2  # a piece used less often than this has nothing to learn from
_LEAST_WORD_COUNT = 8  # a dictionary word seen so often is one piece
_LONGEST_PHRASE = 4  # longer Chinese pieces must be dictionary words
_HAN = re.compile(r"[\u3400-\u9fff]")
_NOT_HAN = re.compile(r"[^\u3400-\u9fff]")


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


def train_tokenizer(
    chinese: Sequence[str], english: Sequence[str], dictionary: Sequence[str], chinese_size: int, english_size: int
) -> Tokenizer:
    """A tokenizer of about the wanted sizes, with the dictionary's Chinese words that occur, without rare pieces."""
    words = set(dictionary)
    pieces: dict[str, float] = {}
    for piece, score in _learn(chinese, chinese_size):
        if _HAN.search(piece) and (len(piece) <= _LONGEST_PHRASE or piece in words):
            pieces[piece] = score
    counts = Counter(word for text in english for word in re.findall("[a-z]+", text.lower()))
    total = sum(counts.values())
    for piece, score in _learn(english, english_size):
        if not _HAN.search(piece):
            pieces.setdefault(piece, score)
    for word, count in counts.items():
        if count >= _LEAST_COUNT:
            pieces.setdefault(WORD_START + word, math.log(count / total))
    first = _with_pieces(pieces)
    missing = {word for word in words if 1 < len(word) <= 8 and word not in pieces and not _NOT_HAN.search(word)}
    used, found = _count(first, chinese, missing)
    used.update(_count(first, english, set())[0])
    kept = {piece: score for piece, score in pieces.items() if len(piece) == 1 or used[piece] >= _LEAST_USE}
    tokens = sum(used.values())
    for word, count in found.items():
        if count >= _LEAST_WORD_COUNT:
            kept[word] = math.log(count / tokens)
    return _with_pieces(kept)


def _with_pieces(pieces: dict[str, float]) -> Tokenizer:
    vocabulary = [(UNKNOWN, 0.0)]
    vocabulary += sorted(((p, s) for p, s in pieces.items() if p != UNKNOWN), key=lambda item: (-item[1], item[0]))
    tokenizer = new_tokenizer()
    tokenizer.model = models.Unigram(vocabulary, unk_id=0)
    return tokenizer


def _count(tokenizer: Tokenizer, texts: Sequence[str], words: set[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each piece is used, and each word that is a run of two to four pieces occurs."""
    used: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for start in range(0, len(texts), 20_000):
        for encoding in tokenizer.encode_batch(list(texts[start : start + 20_000]), add_special_tokens=False):
            tokens = encoding.tokens
            used.update(tokens)
            if words:
                for length in (2, 3, 4):
                    runs = ("".join(tokens[place : place + length]) for place in range(len(tokens) - length + 1))
                    found.update(run for run in runs if run in words)
    return used, found


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
