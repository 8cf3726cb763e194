"""What the tests of generators share: a question on a desk, a quick client, two messages."""

from __future__ import annotations

from collections.abc import Sequence

from openai_server import ChatServer

from index.store import PassageIndex
from rag.generate import Generator, Message, Role
from rag.generate.evidence import Evidence, collect
from rag.generate.remote import Patience, RemoteGenerator
from rag.generate.write import Writer, Written
from rag.knowledge import Knowledge
from rag.question import Question, understand
from rag.reader import Candidate, Reader
from rag.retrieve import retrieve
from rag.verify import verified

HELLO = [Message(Role.SYSTEM, "Be brief."), Message(Role.USER, "你好？")]
QUICK = Patience(connect=1.0, between_pieces=0.4, whole_reply=1.5, pauses=(0.0, 0.0))
FINE = "违反本办法的，处五十元以上二百元以下罚款。"


class Desk:
    """One question over the garden index, with all that the answer path knows when a generator is asked."""

    def __init__(self, passage_index: PassageIndex, question: str = "违反办法罚款多少？") -> None:
        self.index = passage_index
        self.knowledge = Knowledge.load(passage_index.names)
        self.question: Question = understand(question, (), self.knowledge)
        retrieval = retrieve(self.question, passage_index)
        self.candidates: list[Candidate] = Reader(passage_index, self.knowledge).read(self.question, retrieval)

    @property
    def evidence(self) -> list[Evidence]:
        return collect(self.candidates[:1], self.candidates, self.index, self.question.language)

    def number_of(self, words: str) -> int:
        return next(piece.number for piece in self.evidence if words in piece.shown)

    def write(self, generator: Generator) -> Written:
        written = Writer(generator, self.index, self.knowledge).write(
            self.question, self.candidates[:1], self.candidates
        )
        kept, refused = verified(written.claims, self.index)
        assert kept == written.claims
        assert not refused
        return written


def remote(server: ChatServer, mode: str, **options: object) -> RemoteGenerator:
    return RemoteGenerator(server.address(mode), patience=QUICK, **options)  # type: ignore[arg-type]


def said(generator: Generator, messages: Sequence[Message] = HELLO) -> str:
    return "".join(generator.stream(messages))
