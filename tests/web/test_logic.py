"""What decides knows nothing of what speaks: neither Rasa nor Sanic is loaded with it."""

import subprocess
import sys

from helpline.settings import ROOT

LOGIC = (
    "bodies", "limits", "log", "notice", "origins", "problems", "replies", "retention", "said",
    "sessions", "status", "stream", "turns",
)  # fmt: skip


def test_the_logic_of_the_channel_loads_neither_rasa_nor_sanic():
    modules = ", ".join(f"helpline.web.{name}" for name in LOGIC)
    code = f"import sys, {modules}; print({{'rasa', 'sanic'}} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert loaded.stdout == "set()\n", loaded.stderr
