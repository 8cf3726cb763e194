"""Install what the program needs into the environment that runs this script. Standard library only.

    .venv/bin/python tools/install.py [--dev]

A plain install of PyTorch on Linux pulls gigabytes of CUDA. Where there is no GPU and PyTorch's own index of CPU
wheels answers within a moment, it is preferred; where it does not, the install goes on at once without it.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

CPU_WHEELS = "https://download.pytorch.org/whl/cpu"
ROOT = Path(__file__).resolve().parent.parent
_ANSWER_WITHIN = 3  # seconds


def wants_cpu_wheels() -> bool:
    """Whether this machine is Linux without an NVIDIA driver."""
    return platform.system() == "Linux" and shutil.which("nvidia-smi") is None


def answers(url: str) -> bool:
    """Whether `url` answers at once."""
    try:
        with urllib.request.urlopen(f"{url}/torch/", timeout=_ANSWER_WITHIN) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def main(argv: list[str]) -> int:
    """Install the locked versions; returns pip's exit code."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    if wants_cpu_wheels() and answers(CPU_WHEELS):
        command += ["--extra-index-url", CPU_WHEELS]
    command += ["--requirement", str(ROOT / ("requirements-dev.lock" if "--dev" in argv else "requirements.lock"))]
    print("Installing (a few minutes the first time) …", flush=True)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
