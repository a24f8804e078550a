"""Thresholds for tests, in round numbers."""

from __future__ import annotations

from helpline.routing import Thresholds
from helpline.safety.verdict import ScreenThresholds

SCREENS = {
    screen: ScreenThresholds(with_sign=0.1, with_weak_sign=0.4, alone=0.5)
    for screen in ("crisis", "emergency")
}

THRESHOLDS = Thresholds(
    answer=0.6,
    clarify=0.1,
    nearest=0.1,
    near_equal=0.3,
    personal_medical=0.5,
    ask_person=0.4,
    screens=SCREENS,
)
