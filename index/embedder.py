"""The embedder: texts → unit vectors. Two doors behind one protocol.

The bundled model goes through the light loader (numpy, tokenizers, safetensors); any sentence-transformers
model by name or path goes through `SentenceTransformer`, imported only then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.analyser import fold
from index.errors import EmbedderUnavailable

BUNDLED = "bundled"
BUNDLED_FOLDER = Path(__file__).parent / "model"


class Embedder(Protocol):
    """Anything that turns texts into L2-normalised rows; `fingerprint` changes when its vectors would."""

    name: str
    dimension: int
    fingerprint: str

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), dimension), float32, rows of length 1 (or 0 for no known token)."""
        ...


class BundledEmbedder:
    """The model that ships, loaded without torch."""

    name = BUNDLED

    def __init__(self, folder: Path = BUNDLED_FOLDER) -> None:
        from index.static_encoder import StaticEncoder

        self._encoder = StaticEncoder.from_folder(folder)
        self.dimension = self._encoder.dimension
        self.fingerprint = self._encoder.fingerprint

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> NDArray[np.float32]:
        """Fold, then embed; a static model treats questions and passages alike."""
        return self._encoder.encode([fold(text) for text in texts])

    def words(self, folded: str) -> NDArray[np.float32]:
        """The vector of each different known word of a folded text, as long as the word counts: (words, dimension)."""
        return self._encoder.words(folded)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; uses the model's own query and passage prompts where it has them."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError:
            raise EmbedderUnavailable(
                f"Embedder {name!r} needs sentence-transformers; install it, or use --embedder {BUNDLED}."
            ) from None
        try:
            self._model = SentenceTransformer(name)
        except (OSError, ValueError) as error:
            raise EmbedderUnavailable(
                f"Embedder {name!r} cannot be loaded ({str(error).splitlines()[0][:120]}); give the path of a local "
                f"model, or use --embedder {BUNDLED}."
            ) from None
        self.name = name
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        probe = self._model.encode(["fingerprint 指纹"], normalize_embeddings=True)
        self.fingerprint = hashlib.sha256(np.round(np.asarray(probe, dtype=np.float32), 3).tobytes()).hexdigest()[:16]

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> NDArray[np.float32]:
        """Vectors of the texts, with the model's “query” or “passage”/“document” prompt where it states one."""
        prompts = self._model.prompts or {}
        wanted = ("query",) if is_query else ("passage", "document")
        prompt = next((name for name in wanted if prompts.get(name)), None)
        vectors = self._model.encode(
            list(texts), prompt_name=prompt, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def load_embedder(name: str = BUNDLED) -> Embedder:
    """The embedder of that name: "bundled", or a sentence-transformers name or path."""
    return bundled_embedder() if name == BUNDLED else SentenceTransformerEmbedder(name)


@lru_cache(maxsize=1)
def bundled_embedder() -> BundledEmbedder:
    """The model that ships, opened once: its vocabulary is the largest thing that asking holds in memory."""
    return BundledEmbedder()
