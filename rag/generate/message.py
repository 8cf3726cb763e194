"""Message, Sampling and the Generator protocol: all that the answer path knows of a language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the model."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How text is drawn. The default is greedy: same prompt, same model, same text."""

    max_tokens: int = 512  # tokens of the reply
    temperature: float = 0.0  # 0 = greedy
    seed: int = 20231101
    stop: tuple[str, ...] = ()  # texts before which the reply ends


class Generator(Protocol):
    """Writes text for messages. `name` is what the user chose and may be shown."""

    name: str

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the reply as they come; raises GeneratorFault, also in the middle."""


def until_stop(pieces: Iterator[str], stop: Sequence[str]) -> Iterator[str]:
    """The pieces up to the first of the stop texts, which may be spread over several pieces."""
    longest = max(map(len, stop), default=0)
    held = ""
    for piece in pieces:
        held += piece
        found = [at for text in stop if (at := held.find(text)) >= 0]
        if found:
            yield held[: min(found)]
            return
        safe = len(held) - max(longest - 1, 0)
        if safe > 0:
            yield held[:safe]
            held = held[safe:]
    if held:
        yield held
