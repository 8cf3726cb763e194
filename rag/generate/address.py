"""The address of an OpenAI-compatible server, checked before anything is sent there."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from rag.generate.errors import BadGeneratorName

_FORM = "write openai:URL#MODEL, as in openai:http://127.0.0.1:8000/v1#my-model"


@dataclass(frozen=True, slots=True)
class Address:
    """Base URL without a slash at its end, and the model's name there."""

    base: str
    model: str
    host: str
    is_secure: bool  # https

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def may_have_key(self) -> bool:
        """Whether a key may travel there: encrypted, or not leaving this machine."""
        return self.is_secure or self.is_local


def parse_address(text: str) -> Address:
    """`URL#MODEL` taken apart; raises BadGeneratorName for anything that is not a plain http(s) base URL."""
    url, separator, model = text.partition("#")
    if any(ord(character) <= 32 or ord(character) == 127 for character in text):
        raise BadGeneratorName(f"Server address {text!r} holds spaces or control characters; {_FORM}.")
    if not separator or not model:
        raise BadGeneratorName(f"Server address {_shown(url)!r} names no model; {_FORM}.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadGeneratorName(f"Server address {_shown(url)!r} is not a URL; {_FORM}.") from None
    if parts.username is not None or parts.password is not None:
        raise BadGeneratorName(f"Server address at {parts.hostname!r} holds a password; set OPENAI_API_KEY instead.")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise BadGeneratorName(f"Server address {_shown(url)!r} is not an http or https URL; {_FORM}.")
    if parts.query:
        raise BadGeneratorName(f"Server address at {parts.hostname!r} has a query; {_FORM}.")
    return Address(url.rstrip("/"), model, parts.hostname, parts.scheme == "https")


def _shown(url: str) -> str:
    """The address without what stands before an @, which may be a secret."""
    return url.rpartition("@")[2]
