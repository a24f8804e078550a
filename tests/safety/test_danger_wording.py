from __future__ import annotations

import numpy as np

from helpline.safety.wording import Wording

TEXTS = [
    "i want to end it",
    "i want to end it tonight.",
    "when does it end?",
    "i want it to end?",
    "he has a fever now",
    "he has a fever",
    "he had a fever",
    "what is a fever?",
]
DANGERS = [[n < 2, 4 <= n < 6] for n in range(len(TEXTS))]


def test_what_stands_next_to_each_other_tells() -> None:
    odds = Wording(TEXTS, DANGERS).log_odds(["want to end it.", "when will it end?", "has a fever"])
    assert odds.shape == (3, 2)
    assert (odds[:, 0] > 0).tolist() == [True, False, False]
    assert odds[2, 1] > odds[0, 1]


def test_any_text_gets_a_number() -> None:
    odds = Wording(TEXTS, DANGERS).log_odds(["", "🙂", "zzz", "end " * 5000])
    assert np.isfinite(odds).all()
