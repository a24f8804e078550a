"""The notice before the first message."""

from helpline import settings
from helpline.web.notice import notice


def test_it_says_what_this_is_what_not_to_write_and_what_is_kept():
    words = " ".join(notice()["lines"])
    for part in ("not a doctor", "don't write names", "hospital or insurance numbers", "delete"):
        assert part in words


def test_it_says_how_long_by_the_setting(monkeypatch):
    assert "at most 30 days" in " ".join(notice()["lines"])
    monkeypatch.setattr(settings, "KEEP_DAYS", 1.0)
    assert "at most 1 day," in " ".join(notice()["lines"])
    assert notice()["keep_days"] == 1
