"""Rerankers: a model that reads question and sentence together may have a say in which sentence answers.

None ships: the one trained here gave no gain on the project's questions (docs/log-models.md). A user may name any
sentence-transformers cross-encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

NONE = "none"  # the name of having no reranker
RERANKER_HELP = "cross-encoder that has a say in the reading, by name or path (default: %(default)s)"
RERANKED = 24  # sentences that a reranker reads
WEIGHT = 0.6  # worth of its probability beside the reader's own score, of which the best is about 1.3; set, not fitted


class RerankerUnavailable(Exception):
    """The reranker that was asked for cannot be loaded; says the remedy."""


class Reranker(Protocol):
    """Anything that says how likely each sentence answers the question."""

    name: str

    def probabilities(self, question: str, sentences: Sequence[str]) -> list[float]:
        """One number from 0 to 1 for each sentence."""
        ...


class CrossEncoderReranker:
    """A cross-encoder by name or path, loaded at once so that a mistake shows before the first question."""

    def __init__(self, name: str, device: str | None = None) -> None:
        try:
            from sentence_transformers import CrossEncoder
        except ImportError:
            raise RerankerUnavailable(
                f"Reranker {name!r} needs sentence-transformers; install it, or use --reranker {NONE}."
            ) from None
        try:
            self._model = CrossEncoder(name, num_labels=1, device=device)
        except (OSError, ValueError) as error:
            raise RerankerUnavailable(
                f"Reranker {name!r} cannot be loaded ({str(error).splitlines()[0][:120]}); give the path of a local "
                f"cross-encoder, or use --reranker {NONE}."
            ) from None
        self.name = name

    def probabilities(self, question: str, sentences: Sequence[str]) -> list[float]:
        """The model's score of each pair, through the logistic function."""
        import torch

        scores = self._model.predict(
            [(question, sentence) for sentence in sentences],
            activation_fn=torch.nn.Sigmoid(),
            show_progress_bar=False,
        )
        return [float(score) for score in scores]


def reranker_named(name: str) -> Reranker | None:
    """The reranker of that name or path, None for "none". Raises RerankerUnavailable."""
    return None if name == NONE else CrossEncoderReranker(name)
