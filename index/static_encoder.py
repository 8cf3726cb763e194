"""The light loader of the bundled encoder: tokens looked up, averaged, normalised. No torch.

The weights are one byte a value and stay mapped from disk, so only the rows of tokens that occur are read.
"""

import hashlib
import json
import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
FINGERPRINT_FILE = "fingerprint.txt"

_BATCH = 256  # texts tokenised at a time; bounds the memory of a large build
_TYPES = {"I8": np.int8, "F16": np.float16, "F32": np.float32}


class StaticEncoder:
    """Turns texts into unit vectors with a table of one vector for each token."""

    def __init__(
        self, tokenizer: Tokenizer, values: NDArray[np.int8], scales: NDArray[np.float32], fingerprint: str
    ) -> None:
        self.dimension = int(values.shape[1])
        self.fingerprint = fingerprint
        self._tokenizer = tokenizer
        self._values = values
        self._scales = scales

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Open the model in `folder`, a sentence-transformers folder with one static module."""
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        arrays = _map_arrays(folder / WEIGHTS_FILE)
        fingerprint = (folder / FINGERPRINT_FILE).read_text(encoding="ascii").strip()
        return cls(tokenizer, arrays["embeddings"], arrays["weights"], fingerprint)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One L2-normalised row for each text; zeros for a text without a known token."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            encodings = self._tokenizer.encode_batch_fast(list(texts[start : start + _BATCH]), add_special_tokens=False)
            for row, encoding in enumerate(encodings, start):
                ids = encoding.ids
                if ids:
                    # The mean's divisor and any common factor vanish in the normalisation.
                    vectors[row] = self._scales[ids] @ self._values[ids]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors


def compute_fingerprint(folder: Path) -> str:
    """First 16 hexadecimal digits of the SHA-256 over the weights and the tokenizer."""
    digest = hashlib.sha256()
    for name in (WEIGHTS_FILE, TOKENIZER_FILE):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def _map_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """Arrays of a safetensors file, mapped rather than read (the library itself copies)."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = 8 + int.from_bytes(mapped[:8], "little")
    header = json.loads(mapped[8:start])
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        kind = np.dtype(_TYPES[entry["dtype"]])
        flat = np.frombuffer(mapped, dtype=kind, count=(last - first) // kind.itemsize, offset=start + first)
        arrays[name] = flat.reshape(entry["shape"])
    return arrays
