"""A site on this machine and a downloader with short limits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from web_support import QUICK, Site

from sources.fetch.download import Downloader


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


@pytest.fixture
def downloader() -> Downloader:
    return Downloader(QUICK, allow_private=True, sleep=lambda _seconds: None)
