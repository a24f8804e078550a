"""Any order of events, in a real database: nothing is lost, nothing goes to the wrong side."""

import tempfile
import uuid
from pathlib import Path

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from people import conversations, moment, said, specialist, stands, visitor
from sqlalchemy import select

from helpline import settings
from helpline.database import audit, engine
from helpline.desk.dossier import dossier
from helpline.desk.states import Refused
from helpline.web import log

AFTER = {
    "ask": "waiting",
    "cancel": "bot",
    "nobody_came": "bot",
    "closing_time": "bot",
    "claim": "live",
    "lost": "live",
    "returned": "live",
    "visitor_idle": "live",
    "grace_over": "waiting",
    "transfer_accepted": "live",
    "close": "closed",
    "leave": "closed",
    "visitor_gone": "closed",
    "back": "bot",
}
"""The state after each thing that a visitor is told."""

BY_ITSELF = ("nobody_came", "closing_time", "lost", "returned", "grace_over", "visitor_idle")

which = st.integers(0, 1)


class Helpline(RuleBasedStateMachine):
    """Two visitors, two specialists with room for two chats each, and an assistant that is slow."""

    def __init__(self):
        super().__init__()
        self.before = settings.DATABASE, settings.VAR
        self.folder = tempfile.TemporaryDirectory()
        settings.VAR = Path(self.folder.name)
        settings.DATABASE = str(settings.VAR / "helpline.db")

    @initialize(consent=st.booleans())
    def begin(self, consent):
        self.people = conversations()
        self.visitors = [visitor(), visitor()]
        self.team = [specialist("maria", capacity=2), specialist("ann", capacity=2)]
        self.consent = consent
        self.written = {one: [] for one in self.visitors}
        self.heard = {one: set() for one in self.visitors}

    def teardown(self):
        if hasattr(self, "visitors"):
            for one in self.visitors:
                while log.unhandled(one):
                    self.answer(self.visitors.index(one))
                self.everything_was_heard(one)
        engine().dispose()
        settings.DATABASE, settings.VAR = self.before
        self.folder.cleanup()

    def try_to(self, what, *how):
        try:
            return what(*how)
        except Refused:
            return None

    # What visitors do.

    @rule(v=which, twice=st.booleans())
    def visitor_writes(self, v, twice):
        one, id_ = self.visitors[v], str(uuid.uuid4())
        for _ in range(1 + twice):
            message, _ = log.say(one, f"visitor {len(self.written[one])}", id_, moment())
        self.written[one].append(message.id)
        now = stands(one)
        assert (message.hearer == "specialist") == (now.state == "live")
        if message.hearer == "specialist":
            holder = next(who for who in self.team if who.id == now.holder)
            seen = dossier(one, holder, 0, moment())
            assert message.id in [entry["id"] for entry in seen["messages"]]
            self.heard[one].add(message.id)

    @rule(v=which)
    def visitor_asks_for_a_person(self, v):
        self.try_to(self.people.ask, self.visitors[v], moment(), None, self.consent)

    @rule(v=which)
    def visitor_leaves(self, v):
        self.try_to(self.people.cancel, self.visitors[v], moment())

    # What the assistant does.

    @rule(v=which, alarming=st.booleans())
    def assistant_answers(self, v, alarming):
        self.answer(v, alarming)

    def answer(self, v, alarming=False):
        one = self.visitors[v]
        for message in log.unhandled(one)[:1]:
            state = stands(one).state
            if state == "closed":
                self.try_to(self.people.back, one, moment())
            screen = {"text": "screen", "data": {"type": "screen", "screen": "crisis"}}
            is_for_it = message.hearer == "assistant" and state != "live"
            replies = [screen] * alarming + [{"text": "answer"}] * is_for_it
            # A specialist may come while the assistant thinks.
            said_now = log.answer(message, replies, moment())
            if is_for_it and stands(one).state != "live":
                assert len(said_now) == len(replies)
            self.heard[one].add(message.id)

    @rule(v=which)
    def assistant_is_overtaken_by_a_specialist(self, v):
        one = self.visitors[v]
        waiting = log.unhandled(one)
        self.try_to(self.people.claim, one, self.team[0].id, moment())
        if waiting and stands(one).state in ("live", "closed"):
            assert log.answer(waiting[0], [{"text": "too late"}], moment()) == []
            self.heard[one].add(waiting[0].id)

    # What specialists do.

    @rule(v=which, s=which)
    def specialist_claims(self, v, s):
        self.try_to(self.people.claim, self.visitors[v], self.team[s].id, moment())

    @rule(v=which, s=which)
    def specialist_writes(self, v, s):
        one, who = self.visitors[v], self.team[s]
        holds = stands(one).holder == who.id and stands(one).state == "live"
        body = {"text": f"{who.name} writes"}
        done = self.try_to(self.people.speak, one, who.id, body, str(uuid.uuid4()), moment())
        assert bool(done) == holds

    @rule(v=which, s=which, has_read=st.booleans())
    def specialist_closes(self, v, s, has_read):
        one = self.visitors[v]
        before = stands(one)
        seen = before.last if has_read else 0
        self.try_to(self.people.close, one, self.team[s].id, "answered", seen, moment())
        if before.state == "live" and stands(one).state == "closed":
            assert before.last_visitor <= seen

    @rule(v=which, s=which)
    def specialist_offers_the_chat(self, v, s):
        one = self.visitors[v]
        me, other = self.team[s].id, self.team[1 - s].id
        self.try_to(self.people.offer_transfer, one, me, other, None, moment())

    @rule(v=which, s=which, accepts=st.booleans())
    def specialist_is_offered_a_chat(self, v, s, accepts):
        what = self.people.accept_transfer if accepts else self.people.decline_transfer
        self.try_to(what, self.visitors[v], self.team[s].id, moment())

    # What happens by itself.

    @rule(v=which, event=st.sampled_from([*BY_ITSELF, "visitor_gone"]))
    def time_passes(self, v, event):
        self.try_to(self.people.pass_time, self.visitors[v], lambda held: event, moment())

    @rule(v=which)
    def chat_is_handed_back(self, v):
        self.try_to(self.people.back, self.visitors[v], moment())

    # What has to hold.

    @invariant()
    def nobody_speaks_out_of_turn(self):
        for one in getattr(self, "visitors", ()):
            state, holder = "bot", None
            for message in said(one):
                data = message.body.get("data") or {}
                if message.sender == "bot" and data.get("event") != "back":
                    is_screen = data.get("type") == "screen"
                    assert is_screen or state in ("bot", "waiting"), "the assistant interrupts"
                if message.sender == "specialist":
                    assert state == "live", "a specialist speaks who is not there"
                    assert message.body["name"] == holder, "two specialists speak"
                if data.get("event") in AFTER:
                    state = AFTER[data["event"]]
                    if data["event"] in ("claim", "transfer_accepted"):
                        holder = message.body["text"].split(",")[0]
            assert stands(one).state == state

    @invariant()
    def every_message_is_there_once_and_in_order(self):
        for one in getattr(self, "visitors", ()):
            assert [message.id for message in said(one, "visitor")] == self.written[one]

    @invariant()
    def nobody_has_more_than_they_can_take(self):
        for who in getattr(self, "team", ()):
            chats = [one for one in self.visitors if stands(one).holder == who.id]
            assert len(chats) <= who.capacity

    @invariant()
    def the_audit_trail_leads_from_state_to_state(self):
        for one in getattr(self, "visitors", ()):
            with engine().connect() as connection:
                rows = connection.execute(
                    select(audit.c["from"], audit.c.to)
                    .where(audit.c.conversation == one, audit.c.to.is_not(None))
                    .order_by(audit.c.id)
                ).all()
            states = ["bot"]
            for before, after in rows:
                assert states[-1] == before
                states.append(after)
            assert states[-1] == stands(one).state

    def everything_was_heard(self, one):
        assert self.heard[one] == set(self.written[one])


TestWhateverHappens = Helpline.TestCase
TestWhateverHappens.settings = hypothesis.settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
