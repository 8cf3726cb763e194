"""Which addresses may be contacted: public ones only, however they are written."""

from __future__ import annotations

import socket

import pytest

from sources.errors import FetchFailed
from sources.fetch.addresses import checked_address, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "no address",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "151.101.1.1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://localhost/x", "'localhost' leads to 127.0.0.1"),
        ("http://2130706433/", "leads to 127.0.0.1"),
        ("http://0x7f.1/", "leads to 127.0.0.1"),
        ("http://[::1]:8080/", "'::1' leads to ::1"),
        ("http://169.254.169.254/latest/meta-data", "leads to 169.254.169.254"),
        ("http://mixed.example/", "'mixed.example' leads to 192.168.0.9"),
        ("http://[::1", "is not a web address"),
        ("file:///etc/passwd", "is not a web address"),
        ("gopher://town.example/", "is not a web address"),
        ("http:///x", "names no host"),
        ("http://town.example:99999/", "has a port that is no number"),
        ("http://a:b@town.example/", "carries a user name or password"),
        ("http://nowhere.example/", "has no address that can be found"),
    ],
)
def test_address_is_refused_in_one_sentence(url: str, says: str) -> None:
    def answer(host: str, _port: int) -> list[str]:
        if host == "nowhere.example":
            raise socket.gaierror
        known = {"mixed.example": ["8.8.8.8", "192.168.0.9"], "localhost": ["127.0.0.1"], "0x7f.1": ["127.0.0.1"]}
        return known.get(host, ["127.0.0.1"] if host == "2130706433" else [host])

    with pytest.raises(FetchFailed) as caught:
        checked_address(url, allow_private=False, resolver=answer)
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")
