"""Which addresses may be contacted: those of public hosts, so that no page can send us into a private network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from sources.errors import AddressRefused, FetchFailed

Resolver = Callable[[str, int], Sequence[str]]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, as text."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, also when it is wrapped in an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


def checked_address(url: str, *, allow_private: bool, resolver: Resolver = resolve) -> str:
    """The address to connect to for `url`; raises AddressRefused unless every address of its host is public.

    Connecting to this very address, and not to the name, keeps a second look-up from giving another answer.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise AddressRefused(f"{url[:80]!r} is not a web address; give one that begins with https://.") from None
    if parts.scheme not in ("http", "https"):
        raise AddressRefused(f"{url!r} is not a web address; give one that begins with https://.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(f"{_without_login(url)!r} carries a user name or password; give it without.")
    host = parts.hostname or ""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise AddressRefused(f"{url!r} has a port that is no number from 1 to 65535; correct it.") from None
    if not host:
        raise AddressRefused(f"{url!r} names no host; give a whole web address.")
    try:
        addresses = resolver(host, port)
    except (OSError, UnicodeError):
        raise FetchFailed(f"{host!r} has no address that can be found; check the name and the network.") from None
    if not addresses:
        raise FetchFailed(f"{host!r} has no address that can be found; check the name and the network.")
    refused = [address for address in addresses if not is_public(address)]
    if refused and not allow_private:
        raise AddressRefused(
            f"{host!r} leads to {refused[0]}, which is not a public address; allow it with --allow-private."
        )
    return addresses[0]


def _without_login(url: str) -> str:
    return url.replace(urlsplit(url).netloc.rpartition("@")[0] + "@", "")
