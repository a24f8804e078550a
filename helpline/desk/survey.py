"""Two short questions afterwards: did it help, and how much distress is there, 0 to 10?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from helpline.answer import fill
from helpline.database import engine, handoffs, surveys
from helpline.desk.offer import WITH_A_PERSON
from helpline.desk.states import Refused
from helpline.knowledge import Knowledge
from helpline.web import log

RAISED, HIGH = 4, 7
"""Of the distress thermometer: from the first on, cancer teams offer help; the second is a lot."""

THANKS = "Thank you for telling us. I'm here if there is anything else."

THANKS_RAISED = (
    "Thank you for telling us. That is a fair amount to carry, and help for it is part of cancer "
    "care: you can ask the care team for their social worker, psychologist or chaplain. {acs} "
    "listens at any hour (US); {cruk}, weekdays 9 to 5 (UK)."
)

THANKS_HIGH = (
    "Thank you for telling us. That is a lot to carry, and nobody should carry it alone. No person "
    "reads this number right now, so please reach for one:\n\n"
    "US: call or text {lifeline-988}, any time, free. {acs} listens at any hour as well.\n"
    "UK and Ireland: call Samaritans on {samaritans}, any time, free.\n\n"
    "Please tell the care team too, today if you can. They can bring in a social worker, a "
    "psychologist or a chaplain. If you may hurt yourself, call {us-emergency} (US) or "
    "{uk-emergency} (UK) now."
)


def record(
    conversation: str,
    helped: bool | None,
    distress: int | None,
    at: datetime,
    knowledge: Knowledge,
) -> None:
    """Keep what a visitor says, to the hour and without the conversation; say what to do now.

    Raises:
        Refused: there was no chat with a specialist, or it was said already.
        Gone: the conversation was deleted.
    """
    with engine().begin() as connection:
        log.keep_alive(connection, conversation, at)
        last = (
            select(handoffs.c.id)
            .where(handoffs.c.conversation == conversation)
            .order_by(handoffs.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        fresh = connection.execute(
            update(handoffs)
            .where(
                handoffs.c.id == last,
                handoffs.c.outcome.in_(WITH_A_PERSON),
                handoffs.c.surveyed.is_(False),
            )
            .values(surveyed=True)
        )
        if fresh.rowcount == 0:
            raise Refused("survey")
        hour = at.replace(minute=0, second=0, microsecond=0)
        connection.execute(insert(surveys).values(at=hour, helped=helped, distress=distress))
        thanks = fill(_thanks(distress), knowledge)
        body = {"text": thanks, "data": {"type": "survey", "event": "thanks"}}
        log.append(connection, conversation, "bot", body, at, None, handled=True)


def _thanks(distress: int | None) -> str:
    if distress is None or distress < RAISED:
        return THANKS
    return THANKS_HIGH if distress >= HIGH else THANKS_RAISED
