"""The light loader of the bundled encoder: tokens looked up, averaged, normalised. No torch.

The weights are one byte a value and stay mapped from disk, so only the rows of tokens that occur are read.
A few texts at a time, as questions come, are tokenised by plain Python, which opens in a fraction of the time
and memory; many at a time, as in a build, by the `tokenizers` library, opened when first needed. The vocabulary
stands beside `tokenizer.json` once more, packed: parsing 1.6 MB of JSON was most of the time that opening took.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
FINGERPRINT_FILE = "fingerprint.txt"
PIECES_FILE, SCORES_FILE = "pieces.txt", "scores.npy"  # the vocabulary of TOKENIZER_FILE: a line, a number each

_FEW_CHARACTERS = 20_000  # up to so many, opening the large tokenizer costs more than it saves
_WORD, _MOST_WAYS = 16, 16_384  # runs up to so long are remembered, so many of them: words come again and again
_BATCH = 256  # texts tokenised at a time; bounds the memory of a large build
_TYPES = {"I8": np.int8, "F16": np.float16, "F32": np.float32}

WORD_START = "▁"
_UNKNOWN_PENALTY = 10.0  # the library's own: an unknown character scores so much below the rarest piece
_HAN = (
    r"\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf"
    r"\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LATIN_START = re.compile("(?<![a-z0-9])(?=[a-z])")
_PLAIN_RUN = rf"[{_HAN}]+|[0-9]+|{WORD_START}[a-z0-9]+"
_OTHER_CHARACTER = rf"(?![{_HAN}0-9]|{WORD_START}[a-z0-9])(?:[^\W_]|{WORD_START})"
_RUN = re.compile(rf"{_PLAIN_RUN}|(?:{_OTHER_CHARACTER})+")


class StaticEncoder:
    """Turns texts into unit vectors with a table of one vector for each token."""

    def __init__(self, folder: Path, values: NDArray[Any], scales: NDArray[Any], fingerprint: str) -> None:
        self.dimension = int(values.shape[1])
        self.fingerprint = fingerprint
        self._folder = folder
        self._values = values
        self._scales = scales
        self._large: Tokenizer | None = None

    @cached_property
    def _light(self) -> UnigramTokenizer:
        """Opened when first needed: a build may have nothing to embed, or so much that it needs the other one."""
        return UnigramTokenizer.from_folder(self._folder)

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Open the model in `folder`, a sentence-transformers folder with one static module."""
        arrays = _map_arrays(folder / WEIGHTS_FILE)
        fingerprint = (folder / FINGERPRINT_FILE).read_text(encoding="ascii").strip()
        return cls(folder, arrays["embeddings"], arrays["weights"], fingerprint)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One L2-normalised row for each text; zeros for a text without a known token."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            for row, ids in enumerate(self._token_ids(texts[start : start + _BATCH]), start):
                if ids:
                    # The mean's divisor and any common factor vanish in the normalisation.
                    vectors[row] = self._scales[ids] @ self._values[ids]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors

    def words(self, text: str) -> NDArray[np.float32]:
        """The weighted vector of each different known token of a text, shape (tokens, dimension)."""
        ids = list(dict.fromkeys(self._light.encode(text)))
        return np.asarray(self._values[ids] * self._scales[ids][:, None], dtype=np.float32)

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        if self._large is None:
            if sum(len(text) for text in texts) <= _FEW_CHARACTERS:
                return [self._light.encode(text) for text in texts]
            from tokenizers import Tokenizer

            self._large = Tokenizer.from_file(str(self._folder / TOKENIZER_FILE))
            self._large.no_padding()
            self._large.no_truncation()
        encodings = self._large.encode_batch_fast(list(texts), add_special_tokens=False)
        return [[number for number in encoding.ids if number] for encoding in encodings]


class UnigramTokenizer:
    """The pieces of a vocabulary with their scores, and the best way through a text, in plain Python.

    Gives the same known tokens as the `tokenizers` library (a test compares them), without its 80 MiB.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        """`scores` are log probabilities; piece 0 is the unknown one."""
        self._numbers = dict(zip(pieces, range(len(pieces)), strict=True))
        del self._numbers[pieces[0]]
        self._scores = scores
        self._longest: dict[str, int] = {}  # by first character: few Chinese characters begin a long piece
        longest = self._longest.get
        for piece in self._numbers:
            if len(piece) > longest(piece[0], 0):
                self._longest[piece[0]] = len(piece)
        self._ways: dict[str, list[int]] = {}
        self._unknown = min(scores) - _UNKNOWN_PENALTY

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Read the vocabulary that `pack_vocabulary` wrote into a model's folder."""
        pieces = (folder / PIECES_FILE).read_bytes().decode("utf-8").split("\n")
        return cls(pieces, np.load(folder / SCORES_FILE, allow_pickle=False).tolist())

    def encode(self, text: str) -> list[int]:
        """Token ids of a text; unknown characters give none."""
        if not text.isascii():
            decomposed = unicodedata.normalize("NFKD", text)
            text = unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c)[0] != "M"))
        text = _LATIN_START.sub(WORD_START, text.lower())
        ids: list[int] = []
        for run in _RUN.findall(text):
            known = self._ways.get(run)
            if known is None:
                whole = self._numbers.get(run) if len(run) == 1 else None
                known = [whole] if whole else self._best(run)
                if len(run) <= _WORD:
                    if len(self._ways) >= _MOST_WAYS:
                        self._ways = {}  # replaced rather than emptied: another thread may read it
                    self._ways[run] = known
            ids += known
        return ids

    def _best(self, run: str) -> list[int]:
        """Viterbi; of equal ways the one found first, as in the library."""
        size = len(run)
        scores: list[float | None] = [None] * (size + 1)
        steps: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        scores[0] = 0.0
        lookup, longest, weight = self._numbers.get, self._longest.get, self._scores
        for start in range(size):
            here = scores[start]
            if here is None:
                continue
            for end in range(start + 1, min(size, start + longest(run[start], 1)) + 1):
                found = lookup(run[start:end])
                if found is not None:
                    score = here + weight[found]
                    there = scores[end]
                    if there is None or score > there:
                        scores[end], steps[end] = score, (start, found)
                elif end == start + 1:
                    score = here + self._unknown
                    there = scores[end]
                    if there is None or score > there:
                        scores[end], steps[end] = score, (start, 0)
        ids: list[int] = []
        end = size
        while end:
            end, number = steps[end]
            if number:
                ids.append(number)
        return ids[::-1]


def pack_vocabulary(folder: Path) -> None:
    """Write the vocabulary of the folder's `tokenizer.json` in the form that opens at once."""
    vocabulary = json.loads((folder / TOKENIZER_FILE).read_text(encoding="utf-8"))["model"]["vocab"]
    pieces, scores = zip(*vocabulary, strict=True)
    (folder / PIECES_FILE).write_bytes("\n".join(pieces).encode("utf-8"))
    np.save(folder / SCORES_FILE, np.asarray(scores, dtype=np.float64), allow_pickle=False)


def compute_fingerprint(folder: Path) -> str:
    """First 16 hexadecimal digits of the SHA-256 over the weights and the tokenizer."""
    digest = hashlib.sha256()
    for name in (WEIGHTS_FILE, TOKENIZER_FILE):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def _map_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Arrays of a safetensors file, mapped rather than read (the library itself copies)."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = 8 + int.from_bytes(mapped[:8], "little")
    header = json.loads(mapped[8:start])
    arrays: dict[str, NDArray[Any]] = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        kind = np.dtype(_TYPES[entry["dtype"]])
        flat = np.frombuffer(mapped, dtype=kind, count=(last - first) // kind.itemsize, offset=start + first)
        arrays[name] = flat.reshape(entry["shape"])
    return arrays
