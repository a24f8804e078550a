"""The verdict of the safety screen, and how it follows from what the rules and the classifier saw.

Data and arithmetic only: whoever reads a verdict does not have to load what made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helpline.safety.rules import ScreenName, Tier


@dataclass(frozen=True)
class Sign:
    """One sign in a text."""

    rule: str
    """Id of the rule that saw it."""
    screen: ScreenName
    text: str
    """The words that it was seen in."""
    weakened_by: str | None = None
    """Id of the context that makes it weaker, if there is one."""
    tier: Tier | None = None
    also: ScreenName | None = None
    """As the rule says."""


@dataclass(frozen=True)
class ScreenThresholds:
    """How sure the classifier must be, 0 to 1. Written by ``helpline tune``."""

    with_sign: float
    """Where the rules see a sign."""
    with_weak_sign: float
    """Where they see one in a context that makes it weaker."""
    alone: float
    """Where they see none."""


@dataclass(frozen=True)
class Verdict:
    """What a text is, by the safety screen."""

    chances: Mapping[str, float]
    """How likely each screen is by the classifier, 0 to 1."""
    kinds: Mapping[str, float] = field(default_factory=dict)
    """How likely each kind of message is by the classifier; adds up to one."""
    crisis: bool = False
    emergency: bool = False
    tier: Tier | None = None
    """Of an emergency; the graver one where rules and classifier differ."""
    signs: tuple[Sign, ...] = ()
    """Seen by the rules, whether or not they counted."""

    @property
    def intent(self) -> str | None:
        """Return the intent whose reply is the screen to show; None where there is none to show."""
        if self.crisis:
            return "crisis_and_emergency" if self.emergency else "crisis"
        if self.emergency:
            return "urgent" if self.tier == "phone_team" else "emergency"
        return None


def judge(
    signs: Sequence[Sign],
    chances: Mapping[str, float],
    kinds: Mapping[str, float],
    thresholds: Mapping[ScreenName, ScreenThresholds],
) -> Verdict:
    """Return the verdict on what the rules and the classifier saw."""
    shown = {
        screen: [
            sign
            for sign in signs
            if sign.screen == screen
            and chances[screen] >= (limits.with_weak_sign if sign.weakened_by else limits.with_sign)
        ]
        for screen, limits in thresholds.items()
    }
    heard = {screen: chances[screen] >= limits.alone for screen, limits in thresholds.items()}
    crisis = bool(shown["crisis"]) or heard["crisis"]
    emergency = bool(shown["emergency"]) or heard["emergency"]
    emergency = emergency or any(sign.also == "emergency" for sign in shown["crisis"])
    if crisis and kinds.get("crisis_911", 0.0) > kinds.get("crisis", 0.0):
        emergency = True
    tier = _tier(shown["emergency"], kinds) if emergency else None
    return Verdict(chances, kinds, crisis, emergency, tier, tuple(signs))


def _tier(shown: Sequence[Sign], kinds: Mapping[str, float]) -> Tier:
    """Return the graver tier of those that rules and classifier name; 911 where none does."""
    tiers = {sign.tier for sign in shown}
    grave, less = kinds.get("call_911", 0.0), kinds.get("phone_team", 0.0)
    if "call_911" in tiers or grave > less:
        return "call_911"
    return "phone_team" if tiers or less > grave else "call_911"


def rejudge(verdict: Verdict, thresholds: Mapping[ScreenName, ScreenThresholds]) -> Verdict:
    """Return the verdict on what was seen before by other thresholds."""
    return judge(verdict.signs, verdict.chances, verdict.kinds, thresholds)
