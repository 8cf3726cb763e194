"""The default path without any network: everything runs in a namespace that has no route, only its own loopback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _namespaces_work() -> bool:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    probe = subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"], capture_output=True, check=False)
    return probe.returncode == 0


pytestmark = pytest.mark.skipif(
    not _namespaces_work(), reason="network namespaces (unshare -n, ip) are not allowed here"
)

CHAT = """
import json, subprocess, sys, time, urllib.request
server = subprocess.Popen([sys.executable, "-m", "ui", "--port", "7899", "--index", sys.argv[1]], stdout=subprocess.DEVNULL)
try:
    for _ in range(300):
        try:
            page = urllib.request.urlopen("http://127.0.0.1:7899/", timeout=5).read()
            break
        except OSError:
            time.sleep(0.1)
    body = json.dumps({"question": "What did the Bletchley Declaration call for?"}).encode()
    request = urllib.request.Request("http://127.0.0.1:7899/v1/ask", body, {"Content-Type": "application/json"})
    answer = json.load(urllib.request.urlopen(request, timeout=30))
    print(json.dumps({"page": len(page), "status": answer["status"], "claims": len(answer["claims"])}))
finally:
    server.terminate()
    server.wait(10)
"""


def run_without_network(*command: str) -> subprocess.CompletedProcess[str]:
    script = 'ip link set lo up && exec "$@"'
    return subprocess.run(
        ["unshare", "-n", "sh", "-c", script, "sh", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_there_is_no_route_inside() -> None:
    """The sceptic's check: a look-up of any host fails in there."""
    done = run_without_network(sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80), 2)")
    assert "Network is unreachable" in done.stderr


def test_index_is_built_a_question_is_answered_and_the_chat_page_works(tmp_path: Path) -> None:
    index = str(tmp_path / "index")
    built = run_without_network(sys.executable, "-m", "index", "build", "--index", index)
    assert built.returncode == 0, built.stderr
    asked = run_without_network(
        sys.executable, "-m", "rag", "ask", "峰会讨论的五大目标是什么？", "--index", index, "--json"
    )
    record = json.loads(asked.stdout)
    assert record["status"] == "answered"
    assert [claim["citations"][0]["locator"] for claim in record["claims"]] == ["p4.1", "p4.2", "p4.3", "p4.4", "p4.5"]
    chat = run_without_network(sys.executable, "-c", CHAT, index)
    seen = json.loads(chat.stdout)
    assert seen["status"] == "answered"
    assert seen["page"] > 1000
    assert seen["claims"] > 0
