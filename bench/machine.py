"""On what, and of which revision, something was measured."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

from helpline.settings import ROOT


def processor() -> str:
    """Return the name of the processor."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def revision() -> str:
    """Return the commit, with a plus where files differ from it."""
    git = ["git", "-C", str(ROOT)]
    head = subprocess.run(
        [*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False
    )
    made_here = ":!docs/benchmarks*"
    changed = subprocess.run(
        [*git, "status", "--porcelain", "--", ".", made_here], capture_output=True, check=False
    )
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")
