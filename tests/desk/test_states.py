"""The state machine by itself: which ways there are, and what can never be."""

from typing import get_args

import hypothesis
import pytest
from hypothesis import strategies as st

from helpline.desk.states import Event, Refused, Situation, State, hearer, may_speak, step

MARIA, ANN = 1, 2

WAITING = Situation("waiting")
LIVE = Situation("live", holder=MARIA)
BACK_IN_LINE = Situation("waiting", returning=True)
CLOSED = Situation("closed")
BOT = Situation()

WAYS = [
    (BOT, "ask", "waiting"),
    (WAITING, "cancel", "bot"),
    (WAITING, "nobody_came", "bot"),
    (WAITING, "closing_time", "bot"),
    (WAITING, "claim", "live"),
    (LIVE, "close", "closed"),
    (LIVE, "leave", "closed"),
    (LIVE, "visitor_gone", "closed"),
    (LIVE, "lost", "live"),
    (Situation("live", holder=MARIA, lost=True), "returned", "live"),
    (Situation("live", holder=MARIA, lost=True), "grace_over", "waiting"),
    (LIVE, "visitor_idle", "live"),
    (CLOSED, "back", "bot"),
]

situations = st.builds(
    Situation,
    state=st.sampled_from(get_args(State)),
    holder=st.sampled_from([None, MARIA, ANN]),
    offered_to=st.sampled_from([None, MARIA, ANN]),
    lost=st.booleans(),
    warned=st.booleans(),
    returning=st.booleans(),
)
events = st.lists(
    st.tuples(
        st.sampled_from(get_args(Event)),
        st.sampled_from([None, MARIA, ANN]),
        st.sampled_from([None, MARIA, ANN]),
    ),
    max_size=40,
)


@pytest.mark.parametrize(("before", "event", "after"), WAYS)
def test_the_ways_that_there_are(before, event, after):
    assert step(before, event, MARIA).after.state == after


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (BOT, "claim"),
        (BOT, "cancel"),
        (BOT, "back"),
        (WAITING, "ask"),
        (WAITING, "close"),
        (WAITING, "lost"),
        (LIVE, "ask"),
        (LIVE, "claim"),
        (LIVE, "nobody_came"),
        (LIVE, "closing_time"),
        (LIVE, "grace_over"),
        (LIVE, "returned"),
        (LIVE, "back"),
        (CLOSED, "claim"),
        (CLOSED, "ask"),
    ],
)
def test_every_other_way_is_refused(before, event):
    with pytest.raises(Refused, match=event):
        step(before, event, MARIA)


def test_a_chat_that_is_open_at_closing_time_is_finished():
    for open_still in (LIVE, BACK_IN_LINE):
        with pytest.raises(Refused):
            step(open_still, "closing_time")


def test_only_the_holder_can_close_and_pass_on():
    for event in ("close", "transfer_offered"):
        with pytest.raises(Refused):
            step(LIVE, event, ANN, MARIA)


def test_a_chat_is_passed_on_only_to_whom_it_was_offered_and_only_if_they_accept():
    offered = step(LIVE, "transfer_offered", MARIA, ANN).after
    assert offered.holder == MARIA
    with pytest.raises(Refused):
        step(offered, "transfer_accepted", 3)
    assert step(offered, "transfer_declined", ANN).after == LIVE
    assert step(offered, "transfer_declined", MARIA).after == LIVE
    assert step(offered, "transfer_accepted", ANN).after == Situation("live", holder=ANN)


def test_nobody_passes_a_chat_on_to_themselves_or_to_nobody():
    for other in (MARIA, None):
        with pytest.raises(Refused):
            step(LIVE, "transfer_offered", MARIA, other)


def test_whoever_accepts_ends_the_loss_of_the_one_before():
    lost = Situation("live", holder=MARIA, offered_to=ANN, lost=True)
    assert not step(lost, "transfer_accepted", ANN).after.lost


def test_a_visitor_is_warned_once():
    warned = step(LIVE, "visitor_idle").after
    with pytest.raises(Refused):
        step(warned, "visitor_idle")


@hypothesis.given(events)
def test_whatever_happens_there_is_one_holder_while_it_is_live_and_none_otherwise(happening):
    now = BOT
    for event, who, other in happening:
        try:
            now = step(now, event, who, other).after
        except Refused:
            continue
        assert (now.holder is not None) == (now.state == "live")
        assert now.offered_to is None or now.state == "live"
        assert now.offered_to != now.holder or now.holder is None
        assert not now.lost or now.state == "live"
        assert not now.warned or now.state == "live"


@hypothesis.given(situations)
def test_never_do_the_assistant_and_a_specialist_both_speak(now):
    speakers = [may_speak(now, "bot"), *(may_speak(now, "specialist", w) for w in (MARIA, ANN))]
    assert sum(speakers) <= 1


@hypothesis.given(situations)
def test_whoever_may_speak_is_who_hears_the_visitor(now):
    if hearer(now.state) == "assistant":
        assert not any(may_speak(now, "specialist", who) for who in (MARIA, ANN))
    else:
        assert not may_speak(now, "bot")


def refusal(*what):
    try:
        step(*what)
    except Refused as refused:
        return str(refused)
    return None


@hypothesis.given(situations, st.sampled_from(get_args(Event)), st.sampled_from([None, MARIA, ANN]))
def test_a_refusal_names_what_was_refused(now, event, who):
    assert refusal(now, event, who, ANN) in (None, event)
