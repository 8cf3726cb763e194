"""Generating with any OpenAI-compatible server: vLLM, Ollama, llama.cpp, `transformers serve`, or a hosted one.

One streamed chat completion a reply. A server that is down or overloaded is tried again after a pause; once text has
come, nothing is repeated. The key goes out encrypted or stays on this machine; it stands in no message and no log.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.generate.address import parse_address
from rag.generate.errors import GeneratorNonsense, GeneratorTruncated, GeneratorUnavailable
from rag.generate.message import Message, Sampling, until_stop

if TYPE_CHECKING:
    import httpx

_RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_LONGEST_REPLY = 200_000  # characters; more is no answer
_LONGEST_LINE = 1_000_000  # bytes of one line of the stream
_LONGEST_STREAM = 20_000_000  # bytes of all of it
_REMEDIES = {
    401: "set OPENAI_API_KEY to a key of that server",
    403: "set OPENAI_API_KEY to a key that may use this model",
    404: "check that the URL ends with the server's base path, mostly /v1, and that it serves this model",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server, in seconds."""

    connect: float = 5.0
    between_pieces: float = 30.0
    whole_reply: float = 120.0
    pauses: tuple[float, ...] = (0.5, 2.0)  # before each further try
    longest_pause: float = 10.0  # even where the server asks for more


class RemoteGenerator:
    """One model at one server. Holds no connection between replies."""

    def __init__(
        self,
        address: str,
        *,
        api_key: str = "",
        sampling: Sampling | None = None,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address = parse_address(address)
        self.name = f"openai:{self._address.base}#{self._address.model}"
        self._key = api_key if self._address.may_have_key else ""
        self._sampling = sampling or Sampling()
        self._patience = patience or Patience()
        self._sleep = sleep

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the reply; raises GeneratorUnavailable, GeneratorTruncated or GeneratorNonsense."""
        yield from until_stop(self._pieces(messages), self._sampling.stop)

    def _pieces(self, messages: Sequence[Message]) -> Iterator[str]:
        import httpx

        deadline = time.monotonic() + self._patience.whole_reply
        patience = httpx.Timeout(self._patience.between_pieces, connect=self._patience.connect)
        # A server on this machine is reached directly, whatever proxy the environment names.
        with httpx.Client(timeout=patience, follow_redirects=False, trust_env=not self._address.is_local) as client:
            try:
                response = self._open(client, messages, deadline)
                try:
                    yield from self._read(response, deadline)
                finally:
                    response.close()
            except httpx.TimeoutException:
                raise self._too_slow() from None
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
                raise GeneratorUnavailable(
                    f"Server {self._address.base!r} cannot be used ({type(error).__name__}); "
                    "check that it runs and that the address is right."
                ) from None

    def _open(self, client: httpx.Client, messages: Sequence[Message], deadline: float) -> httpx.Response:
        """A response of status 200, not read yet; tries again where that may help."""
        import httpx

        plain = False
        for pause in (*self._patience.pauses, None):
            try:
                response = client.send(self._request(client, messages, plain=plain), stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.RemoteProtocolError):
                if pause is None or time.monotonic() + pause > deadline:
                    raise
                self._sleep(pause)
                continue
            if response.status_code == 200:
                return response
            response.close()
            last = pause is None or time.monotonic() > deadline
            if response.status_code in (400, 422) and not plain and not last:
                plain = True  # some servers know fewer settings
            elif response.status_code not in _RETRIED or last:
                raise self._refused(response.status_code)
            elif pause is not None:
                self._sleep(self._asked_pause(response, pause))
        raise self._too_slow()

    def _request(self, client: httpx.Client, messages: Sequence[Message], *, plain: bool) -> httpx.Request:
        body: dict[str, Any] = {
            "model": self._address.model,
            "messages": [{"role": message.role.value, "content": message.content} for message in messages],
            "stream": True,
        }
        if not plain:
            body |= {
                "temperature": self._sampling.temperature,
                "seed": self._sampling.seed,
                "max_tokens": self._sampling.max_tokens,
            }
        headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return client.build_request("POST", f"{self._address.base}/chat/completions", json=body, headers=headers)

    def _asked_pause(self, response: httpx.Response, pause: float) -> float:
        asked = response.headers.get("retry-after", "")
        return min(float(asked), self._patience.longest_pause) if asked.isdecimal() else pause

    def _read(self, response: httpx.Response, deadline: float) -> Iterator[str]:
        """The text of the events, up to the mark that the reply is whole."""
        if response.headers.get("content-type", "").startswith("application/json"):
            yield self._whole_reply(b"".join(self._chunks(response, deadline)))
            return
        length = 0
        is_done = False
        for line in _lines(self._chunks(response, deadline)):
            if not line.startswith(b"data:"):
                continue
            data = line[5:].strip()
            if data == b"[DONE]":
                is_done = True
                break
            piece, reason = self._event(data)
            if reason == "length":
                raise self._cut_off("ran into its token limit")
            is_done = is_done or reason is not None
            length += len(piece)
            if length > _LONGEST_REPLY:
                raise self._cut_off(f"wrote more than {_LONGEST_REPLY} characters")
            if piece:
                yield piece
        if not is_done:
            raise self._cut_off("broke off")

    def _chunks(self, response: httpx.Response, deadline: float) -> Iterator[bytes]:
        """The bytes as they come, until the deadline, however slowly a server drips them."""
        received = 0
        for chunk in response.iter_bytes():
            received += len(chunk)
            if received > _LONGEST_STREAM:
                raise self._cut_off(f"sent more than {_LONGEST_STREAM} bytes")
            if time.monotonic() > deadline:
                raise self._too_slow()
            yield chunk

    def _event(self, data: bytes) -> tuple[str, str | None]:
        """(text, reason to end or None) of one event."""
        try:
            event = json.loads(data)
            if event.get("error"):
                raise self._nonsense("reports an error in the middle of its reply")
            choices = event.get("choices") or []
            if not choices:
                return "", None
            return str((choices[0].get("delta") or {}).get("content") or ""), choices[0].get("finish_reason")
        except (ValueError, AttributeError, TypeError, LookupError, RecursionError):
            raise self._nonsense("sends events that are not in the OpenAI protocol") from None

    def _whole_reply(self, body: bytes) -> str:
        """The text of a reply that was not streamed although a stream was asked for."""
        try:
            choice = json.loads(body)["choices"][0]
            text, reason = str(choice["message"]["content"] or ""), choice.get("finish_reason")
        except (ValueError, AttributeError, TypeError, LookupError, RecursionError):
            raise self._nonsense("sends a reply that is not in the OpenAI protocol") from None
        if reason == "length":
            raise self._cut_off("ran into its token limit")
        return text

    def _too_slow(self) -> GeneratorUnavailable:
        return GeneratorUnavailable(
            f"Server {self._address.base!r} took longer than {self._patience.between_pieces:g} seconds for a piece or "
            f"{self._patience.whole_reply:g} for all; choose a faster model."
        )

    def _refused(self, status: int) -> GeneratorUnavailable:
        remedy = _REMEDIES.get(status, "look at the server's own log")
        return GeneratorUnavailable(f"Server {self._address.base!r} answers with HTTP status {status}; {remedy}.")

    def _cut_off(self, how: str) -> GeneratorTruncated:
        return GeneratorTruncated(f"Model {self._address.model!r} {how} in its reply; ask for less or try again.")

    def _nonsense(self, how: str) -> GeneratorNonsense:
        return GeneratorNonsense(f"Server {self._address.base!r} {how}; check which server runs at that address.")


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines of a stream of bytes; raises ValueError where one is too long to be an event."""
    held = b""
    for chunk in chunks:
        held += chunk
        if len(held) > _LONGEST_LINE:
            raise ValueError("line too long")
        *lines, held = held.split(b"\n")
        yield from (line.rstrip(b"\r") for line in lines)
    if held:
        yield held
