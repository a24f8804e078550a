from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from some_thresholds import SCREENS, THRESHOLDS

from helpline import settings
from helpline.knowledge import Knowledge, configured_knowledge
from helpline.message import Form
from helpline.retrieval import Candidate
from helpline.routing import (
    ABOUT_THE_LAST_ANSWER,
    ROUTE_OF_INTENT,
    SURE_OF_ANOTHER_INTENT,
    Context,
    Decision,
    Route,
    Seen,
    Thresholds,
    decide,
    leans_on,
)
from helpline.safety.verdict import Verdict

KNOWLEDGE = configured_knowledge()


SAFE = Verdict(chances={"crisis": 0.0, "emergency": 0.0})
CRISIS = replace(SAFE, crisis=True)
EMERGENCY = replace(SAFE, emergency=True)
URGENT = replace(SAFE, emergency=True, tier="phone_team")
BOTH = replace(SAFE, crisis=True, emergency=True)

NOTHING_BEFORE = Context()

SURE = {"type-allo": 0.8, "type-auto": 0.1, "type-haplo": 0.1}
NEAR_EQUAL = {"type-allo": 0.4, "type-auto": 0.35, "type-haplo": 0.2, "type-ric": 0.05}


def ranked(chances: dict[str, float]) -> list[Candidate]:
    return [Candidate(article, chance) for article, chance in chances.items()]


def seen(
    text: str = "what is that transplant with a donor about",
    *,
    ranking: dict[str, float] = SURE,
    form: Form = "words",
    entities: Sequence[str] = (),
    exact_article: str | None = None,
    follow_up: bool = False,
    verdict: Verdict = SAFE,
    **intents: float,
) -> Seen:
    """A message. What the named intents leave of the probability goes to a topic."""
    others = {"greet": 0.0, **intents}
    return Seen(
        text=text,
        form=form,
        verdict=verdict,
        intents={**others, "transplant_types": 1.0 - sum(others.values())},
        ranking=ranked(ranking),
        entities=entities,
        exact_article=exact_article,
        follow_up=follow_up,
    )


def decided(
    message: Seen, context: Context = NOTHING_BEFORE, knowledge: Knowledge = KNOWLEDGE
) -> Decision:
    return decide(message, context, knowledge, THRESHOLDS)


def without(*articles: str) -> Knowledge:
    kept = {id_: a for id_, a in KNOWLEDGE.articles.items() if id_ not in articles}
    return KNOWLEDGE.copy(update={"articles": kept})


# The order of precedence.


@pytest.mark.parametrize(
    ("verdict", "intent", "route"),
    [
        (CRISIS, "crisis", "crisis"),
        (BOTH, "crisis_and_emergency", "crisis"),
        (EMERGENCY, "emergency", "emergency"),
        (URGENT, "urgent", "emergency"),
    ],
)
def test_the_screens_come_before_what_depends_on_one_body(
    verdict: Verdict, intent: str, route: str
) -> None:
    decision = decided(seen(verdict=verdict, personal_dose=0.9))
    assert (decision.intent, decision.route) == (intent, route)


def test_what_depends_on_one_body_comes_before_a_sure_article() -> None:
    decision = decided(seen(personal_dose=0.5, ranking={"type-allo": 0.99, "type-auto": 0.01}))
    assert (decision.intent, decision.route) == ("personal_dose", "personal_medical")


def test_the_kinds_of_what_depends_on_one_body_count_together() -> None:
    decision = decided(seen(personal_dose=0.2, personal_results=0.3))
    assert (decision.intent, decision.route) == ("personal_results", "personal_medical")


def test_what_depends_on_one_body_still_names_the_nearest_article() -> None:
    assert decided(seen(personal_dose=0.9)).article == "type-allo"


def test_the_kind_of_message_decides_between_intents_of_different_kinds() -> None:
    """As likely a question for articles as a personal one, by the intents alone."""
    even = {"personal_dose": 0.5}
    general = replace(SAFE, kinds={"general": 0.98, "personal": 0.02})
    personal = replace(SAFE, kinds={"general": 0.02, "personal": 0.98})
    assert decided(seen(verdict=general, **even)).route == "answer"
    assert decided(seen(verdict=personal, **even)).intent == "personal_dose"


def test_a_screen_comes_before_a_message_that_is_too_long() -> None:
    assert decided(seen(form="too_long", verdict=EMERGENCY)).route == "emergency"


@pytest.mark.parametrize("form", ["empty", "emoji"])
def test_what_has_no_words_is_not_screened(form: Form) -> None:
    assert decided(seen("", form=form, verdict=CRISIS)).intent == form


def test_a_screen_comes_before_a_choice_among_suggestions() -> None:
    asked = Context(candidates=("type-allo", "type-auto"), asked_which=True)
    assert decided(seen("2", verdict=CRISIS), asked).route == "crisis"


# A pressed button.


@pytest.mark.parametrize("verdict", [CRISIS, EMERGENCY, BOTH])
def test_what_a_button_says_is_no_alarm(verdict: Verdict) -> None:
    message = replace(seen("Tell me more", verdict=verdict, ask_person=0.9), button=True)
    assert decided(message).route == "human"


@pytest.mark.parametrize("verdict", [CRISIS, EMERGENCY, BOTH])
@pytest.mark.parametrize("intent", ["personal_dose", "out_of_scope"])
def test_a_pressed_title_is_answered_whatever_the_screens_think(
    verdict: Verdict, intent: str
) -> None:
    title = replace(
        seen(exact_article="emerg-fever", verdict=verdict, **{intent: 0.99}), button=True
    )
    decision = decided(title)
    assert (decision.route, decision.article, decision.confidence) == ("answer", "emerg-fever", 1)
    assert decision.intent == KNOWLEDGE.articles["emerg-fever"].topic


def test_an_articles_own_question_is_answered_by_it_unless_it_sounds_like_danger() -> None:
    question = seen(exact_article="emerg-fever", personal_dose=0.99)
    assert decided(question).article == "emerg-fever"
    assert decided(replace(question, verdict=CRISIS)).route == "crisis"


def test_an_articles_own_question_may_be_asked_of_the_last_answer() -> None:
    question = seen("how long does it take", exact_article="emerg-fever")
    assert decided(replace(question, follow_up=True)).article != "emerg-fever"


# What is no question in English words.


@pytest.mark.parametrize("form", ["empty", "too_long", "other_language"])
def test_what_cannot_be_read_gets_its_own_reply_and_no_article(form: Form) -> None:
    decision = decided(seen(form=form))
    assert (decision.intent, decision.route, decision.article) == (form, "smalltalk", None)


def test_signs_only_get_a_reply_to_signs() -> None:
    assert decided(seen("\N{SLIGHTLY SMILING FACE}", form="emoji")).intent == "emoji"


def test_thumbs_up_is_yes_and_thumbs_down_is_no() -> None:
    assert decided(seen("\N{THUMBS UP SIGN}", form="emoji")).intent == "affirm"
    assert decided(seen("\N{THUMBS DOWN SIGN}", form="emoji")).intent == "deny"


def test_spanish_gets_the_article_on_help_in_spanish() -> None:
    decision = decided(seen("donde puedo encontrar un donante", form="spanish"))
    assert (decision.route, decision.article) == ("answer", "help-spanish")


def test_spanish_is_another_language_where_no_article_is_about_it() -> None:
    decision = decided(seen(form="spanish"), knowledge=without("help-spanish"))
    assert decision.intent == "other_language"


# Known, nearly known, unknown.


def test_a_sure_article_is_answered_with_what_else_was_near() -> None:
    decision = decided(seen())
    assert (decision.route, decision.article) == ("answer", "type-allo")
    assert decision.intent == "transplant_types"
    assert decision.candidates == ("type-allo", "type-auto", "type-haplo")


def test_near_equals_are_offered_to_choose_from_and_the_far_one_is_not() -> None:
    decision = decided(seen(ranking={"type-allo": 0.45, "type-auto": 0.4, "type-haplo": 0.1}))
    assert decision.route == "clarify"
    assert decision.candidates == ("type-allo", "type-auto")


def test_three_near_equals_are_all_offered() -> None:
    decision = decided(seen(ranking=NEAR_EQUAL))
    assert decision.candidates == ("type-allo", "type-auto", "type-haplo")


def test_a_lone_article_that_is_not_sure_is_offered_with_the_next_ones() -> None:
    # Ahead of the others, but it is doubtful whether this is a question for articles.
    decision = decided(seen(thank=0.45, ranking={"type-allo": 0.9, "type-auto": 0.1}))
    assert decision.route == "clarify"
    assert decision.candidates == ("type-allo", "type-auto")


def test_nothing_near_is_unsure() -> None:
    flat = dict.fromkeys(list(KNOWLEDGE.articles)[:20], 0.05)
    assert decided(seen(ranking=flat)).route == "unsure"


def test_an_article_ahead_of_nothing_is_unsure_all_the_same() -> None:
    thin = {"type-allo": 0.09, **dict.fromkeys(list(KNOWLEDGE.articles)[:20], 0.001)}
    assert decided(seen(ranking=thin)).route == "unsure"


@pytest.mark.parametrize(
    ("intent", "route"),
    [
        ("ask_person", "human"),
        ("ask_hours", "hours"),
        ("support", "support"),
        ("out_of_scope", "out_of_scope"),
        ("greet", "smalltalk"),
        ("insult", "smalltalk"),
    ],
)
def test_what_is_no_question_for_articles_goes_where_it_belongs(intent: str, route: str) -> None:
    decision = decided(seen(**{intent: 0.9}))
    assert (decision.intent, decision.route) == (intent, route)


def test_topics_together_outweigh_one_other_intent() -> None:
    message = Seen(
        text="how does donation go",
        form="words",
        verdict=SAFE,
        intents={"thank": 0.4, "donors": 0.3, "process": 0.3},
        ranking=ranked({"type-allo": 1.0, "type-auto": 0.0}),
    )
    assert decided(message).route == "answer"


# Who is named decides between near-equals.


def test_a_cousin_asks_for_donors_in_the_family_before_the_half_match_technique() -> None:
    near = {"type-haplo": 0.6, "donor-family": 0.3, "donor-sibling": 0.1}
    assert decided(seen(ranking=near)).candidates[0] == "type-haplo"
    assert decided(seen(ranking=near, entities=["cousin"])).candidates[0] == "donor-family"


def test_a_relation_does_not_lift_an_article_that_is_far_behind() -> None:
    far = {"type-haplo": 0.9, "donor-family": 0.1}
    assert decided(seen(ranking=far, entities=["cousin"])).article == "type-haplo"


def test_a_relation_lifts_its_article_over_that_of_another_relation_from_further_behind() -> None:
    far = {"donor-sibling": 0.9, "donor-family": 0.1}
    decision = decided(seen(ranking=far, entities=["cousin"]))
    assert (decision.article, decision.confidence) == ("donor-family", pytest.approx(0.9))


def test_a_relation_lifts_nothing_from_far_down_the_ranking() -> None:
    before = {"donor-sibling": 0.5, **dict.fromkeys([*SURE, "trial-find"], 0.1)}
    deep = {**before, "donor-family": 0.1}
    assert decided(seen(ranking=deep, entities=["cousin"])).article == "donor-sibling"


def test_a_relation_changes_nothing_where_the_first_article_is_its_own() -> None:
    own = {"donor-sibling": 0.5, "donor-family": 0.4, "type-haplo": 0.1}
    decision = decided(seen(ranking=own, entities=["brother", "cousin"]))
    assert decision.article == "donor-sibling"


def test_a_relation_without_an_article_changes_nothing() -> None:
    assert KNOWLEDGE.entities["husband"].article is None
    assert decided(seen(entities=["husband"])).article == "type-allo"


# The meaning of a word.


def test_a_short_question_for_a_word_gets_its_meaning_and_an_article_on_it() -> None:
    decision = decided(seen("what does gvhd mean", entities=["gvhd"], ranking=NEAR_EQUAL))
    assert (decision.intent, decision.route, decision.term) == ("define", "answer", "gvhd")
    assert decision.article == KNOWLEDGE.terms["gvhd"].articles[0]


def test_a_question_about_two_words_is_no_question_for_a_meaning() -> None:
    message = seen(
        "what is remission in leukemia", entities=["remission", "leukemia"], ranking=NEAR_EQUAL
    )
    assert decided(message).term is None


def test_a_word_is_explained_whatever_small_talk_it_resembles() -> None:
    message = seen("gvhd meaning?", entities=["gvhd"], ranking=NEAR_EQUAL, out_of_scope=0.7)
    assert decided(message).term == "gvhd"


def test_a_sure_article_comes_before_the_meaning_of_a_word_in_the_question() -> None:
    decision = decided(seen("what is gvhd", entities=["gvhd"]))
    assert (decision.article, decision.term) == ("type-allo", None)


def test_a_word_is_explained_where_an_article_only_leads_the_rest() -> None:
    far = {"type-allo": 0.2, "type-auto": 0.01}
    decision = decided(seen("what is gvhd", entities=["gvhd"], ranking=far))
    assert (decision.intent, decision.term) == ("define", "gvhd")


@pytest.mark.parametrize(
    "text",
    [
        "gvhd",
        "gvhd on my skin after transplant",
        "what does gvhd mean for my work",
    ],
)
def test_a_word_that_is_not_asked_about_is_not_explained(text: str) -> None:
    assert decided(seen(text, entities=["gvhd"], ranking=NEAR_EQUAL)).route == "clarify"


def test_a_person_or_place_is_not_explained() -> None:
    message = seen("what does cousin mean", entities=["cousin"], ranking=NEAR_EQUAL)
    assert decided(message).term is None


def test_a_word_whose_articles_are_left_out_is_explained_with_the_nearest_article() -> None:
    knowledge = without(*KNOWLEDGE.terms["gvhd"].articles)
    message = seen("what does gvhd mean", entities=["gvhd"], ranking=NEAR_EQUAL)
    decision = decided(message, knowledge=knowledge)
    assert (decision.term, decision.article) == ("gvhd", "type-allo")


# What leans on what was said before.


AFTER_ALLO = Context(article="type-allo", candidates=("type-allo", "type-auto"))
AFTER_DID_YOU_MEAN = Context(candidates=("type-allo", "type-auto", "type-haplo"), asked_which=True)


HARDLY, SURELY = SURE_OF_ANOTHER_INTENT - 0.05, SURE_OF_ANOTHER_INTENT + 0.05


@pytest.mark.parametrize("text", ["how long does it take", "and for older people", "is that safe?"])
def test_a_short_message_with_a_pointing_word_leans_on_the_last_answer(text: str) -> None:
    assert leans_on(AFTER_ALLO, text)


@pytest.mark.parametrize(
    "text",
    [
        "how long does conditioning take",
        "my brother asked me whether it would be wise to wait for the summer",
    ],
)
def test_a_message_that_stands_on_its_own_does_not(text: str) -> None:
    assert not leans_on(AFTER_ALLO, text)


def test_nothing_leans_on_an_answer_that_was_not_given() -> None:
    assert not leans_on(NOTHING_BEFORE, "how long does it take")


def test_a_follow_up_that_brings_nothing_new_tells_more_of_the_same_article() -> None:
    decision = decided(seen("and how does it go", follow_up=True, gibberish=HARDLY), AFTER_ALLO)
    assert (decision.intent, decision.route, decision.article) == (
        "tell_more",
        "answer",
        "type-allo",
    )


def test_a_follow_up_about_something_else_is_answered_by_that() -> None:
    ranking = {"trial-find": 0.9, "type-allo": 0.1}
    message = seen("what about trials", follow_up=True, gibberish=HARDLY, ranking=ranking)
    assert decided(message, AFTER_ALLO).article == "trial-find"


def test_a_bare_question_tells_more_of_the_last_article() -> None:
    message = seen("how long does it take", follow_up=True, bare_question=0.9)
    decision = decided(message, AFTER_ALLO)
    assert (decision.intent, decision.article) == ("tell_more", "type-allo")


def test_a_bare_question_that_another_article_answers_better_gets_that() -> None:
    ranking = {"trial-find": 0.9, "type-allo": 0.1}
    message = seen("where are they", follow_up=True, bare_question=0.9, ranking=ranking)
    assert decided(message, AFTER_ALLO).article == "trial-find"


def test_a_bare_question_before_any_answer_is_asked_back() -> None:
    decision = decided(seen("how long does it take", bare_question=0.9))
    assert (decision.intent, decision.route) == ("bare_question", "unsure")


def test_a_place_after_an_answer_gets_the_same_answer_for_there() -> None:
    message = seen("what about texas", follow_up=True, entities=["texas"], out_of_scope=HARDLY)
    decision = decided(message, AFTER_ALLO)
    assert (decision.intent, decision.article) == ("transplant_types", "type-allo")


def test_thanks_that_lean_on_the_last_answer_are_thanks() -> None:
    message = seen("thanks for that", follow_up=True, thank=max(SURELY, 0.6))
    assert decided(message, AFTER_ALLO).intent == "thank"


@pytest.mark.parametrize("intent", ABOUT_THE_LAST_ANSWER)
def test_what_is_about_the_last_answer_is_answered_from_its_article(intent: str) -> None:
    decision = decided(seen(ranking=NEAR_EQUAL, **{intent: 0.9}), Context(article="donor-hla"))
    assert (decision.intent, decision.route, decision.article) == (intent, "answer", "donor-hla")


@pytest.mark.parametrize("intent", ABOUT_THE_LAST_ANSWER)
def test_what_is_about_the_last_answer_needs_one(intent: str) -> None:
    decision = decided(seen(**{intent: 0.9}))
    assert (decision.intent, decision.article) == ("no_answer_yet", None)


def test_an_answer_that_is_no_longer_known_was_not_given() -> None:
    decision = decided(seen(tell_more=0.9), Context(article="an-article-of-last-year"))
    assert decision.intent == "no_answer_yet"


def test_the_other_one_is_the_one_that_was_not_shown() -> None:
    decision = decided(seen("the other one", other_one=0.9), AFTER_ALLO)
    assert (decision.route, decision.article) == ("answer", "type-auto")
    assert decision.candidates == AFTER_ALLO.candidates


def test_the_other_one_of_nothing_is_asked_back() -> None:
    assert decided(seen("the other one", other_one=0.9)).intent == "other_one"


def test_yes_after_did_you_mean_is_the_first_one() -> None:
    asked = Context(candidates=("donor-be", "type-allo"), asked_which=True)
    decision = decided(seen("yes", affirm=0.9), asked)
    assert (decision.route, decision.article) == ("answer", "donor-be")


def test_yes_after_an_answer_is_feedback() -> None:
    assert decided(seen("yes", affirm=0.9), AFTER_ALLO).intent == "affirm"


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("1", "type-allo"),
        ("2", "type-auto"),
        ("the second one", "type-auto"),
        ("No, the third please", "type-haplo"),
        ("option two", "type-auto"),
        ("the last one", "type-haplo"),
    ],
)
def test_a_number_after_did_you_mean_picks_one(text: str, article: str) -> None:
    decision = decided(seen(text, gibberish=0.9), AFTER_DID_YOU_MEAN)
    assert (decision.route, decision.article, decision.confidence) == ("answer", article, 1)


@pytest.mark.parametrize("text", ["2 weeks", "second opinion", "one more day", "7"])
def test_a_number_that_picks_nothing_is_read_as_any_message(text: str) -> None:
    assert decided(seen(text, gibberish=0.9), AFTER_DID_YOU_MEAN).intent == "gibberish"


def test_a_number_that_nobody_asked_for_is_read_as_any_message() -> None:
    assert decided(seen("2", gibberish=0.9), AFTER_ALLO).intent == "gibberish"


def test_a_number_picks_nothing_where_all_suggestions_are_gone() -> None:
    gone = Context(candidates=("an-article-of-last-year",), asked_which=True)
    assert decided(seen("the last one", gibberish=0.9), gone).intent == "gibberish"


# Whatever comes in.

DOMAIN = yaml.safe_load((settings.ROOT / "domain.yml").read_text(encoding="utf-8"))
OTHER_INTENTS = [*(name for intent in DOMAIN["intents"] for name in intent), *ABOUT_THE_LAST_ANSWER]
LEARNED = [intent for intent in OTHER_INTENTS if ROUTE_OF_INTENT.get(intent) not in SCREENS]
"""Those with examples: a classifier gives no others."""

ARTICLES = sorted(KNOWLEDGE.articles)
ONCE_KNOWN = st.sampled_from([*ARTICLES[:8], "an-article-of-last-year"])
TEXTS = st.text(max_size=60) | st.sampled_from(
    ["yes", "2", "the last one", "the other one", "what does gvhd mean", "\N{THUMBS UP SIGN}"]
)
CHANCES = st.floats(0.0, 1.0)


def shares(values: list[float]) -> list[float]:
    total = sum(values)
    return [value / total for value in values]


@st.composite
def anything_seen(draw: st.DrawFn) -> Seen:
    weights = st.floats(0.001, 1.0)
    names = [
        draw(st.sampled_from(LEARNED)),
        *draw(st.lists(st.sampled_from([*LEARNED, *KNOWLEDGE.topics]), max_size=4)),
    ]
    names = list(dict.fromkeys(names))
    articles = draw(st.lists(st.sampled_from(ARTICLES), min_size=2, max_size=5, unique=True))
    chances = shares([draw(weights) for _ in articles])
    return Seen(
        text=draw(TEXTS),
        form=draw(st.sampled_from(get_args(Form))),
        verdict=draw(st.sampled_from([SAFE, SAFE, CRISIS, EMERGENCY, URGENT, BOTH])),
        intents=dict(zip(names, shares([draw(weights) for _ in names]), strict=True)),
        ranking=[
            Candidate(article, chance)
            for article, chance in zip(articles, sorted(chances, reverse=True), strict=True)
        ],
        entities=draw(
            st.lists(
                st.sampled_from(
                    ["gvhd", "rituximab", "cousin", "husband", "england", "unheard-of"]
                ),
                max_size=3,
            )
        ),
        exact_article=draw(st.none() | st.none() | st.sampled_from(ARTICLES)),
        follow_up=draw(st.booleans()),
        button=draw(st.booleans()),
    )


ANY_CONTEXT = st.builds(
    Context,
    article=st.none() | ONCE_KNOWN,
    candidates=st.lists(ONCE_KNOWN, max_size=3).map(tuple),
    asked_which=st.booleans(),
    crisis_shown=st.booleans(),
)
ANY_THRESHOLDS = st.builds(Thresholds, *[CHANCES] * 6, screens=st.just(SCREENS))


@given(anything_seen(), ANY_CONTEXT, ANY_THRESHOLDS)
def test_every_message_gets_a_decision_that_can_be_spoken(
    message: Seen, context: Context, thresholds: Thresholds
) -> None:
    decision = decide(message, context, KNOWLEDGE, thresholds)

    assert decision.route in get_args(Route)
    assert decision.intent in {*OTHER_INTENTS, *KNOWLEDGE.topics, "define"}
    assert decision.confidence == pytest.approx(0.5, abs=0.5 + 1e-9)
    assert decision.article is None or decision.article in KNOWLEDGE.articles
    assert all(article in KNOWLEDGE.articles for article in decision.candidates)
    if decision.route == "answer":
        assert decision.article is not None
    if decision.intent in KNOWLEDGE.topics:
        assert KNOWLEDGE.articles[str(decision.article)].topic == decision.intent
    if decision.intent == "define":
        assert decision.term in KNOWLEDGE.terms


@given(anything_seen(), ANY_CONTEXT, ANY_THRESHOLDS)
def test_what_the_screen_sees_always_wins(
    message: Seen, context: Context, thresholds: Thresholds
) -> None:
    decision = decide(message, context, KNOWLEDGE, thresholds)
    if message.form not in ("empty", "emoji") and not message.button:
        verdict = message.verdict
        shown = "crisis" if verdict.crisis else "emergency" if verdict.emergency else None
        assert (decision.route if decision.route in SCREENS else None) == shown


@pytest.mark.parametrize(("chance", "route"), [(0.4, "human"), (0.3, "answer")])
def test_a_person_who_may_be_asked_for_is_offered(chance: float, route: str) -> None:
    assert decided(seen(ask_person=chance)).route == route


def test_what_is_likelier_than_not_something_else_asks_for_no_person() -> None:
    assert decided(seen(ask_person=0.45, ask_bot=0.5)).intent == "ask_bot"


# After a crisis.


@pytest.mark.parametrize("intent", ["greet", "insult", "gibberish", "support", "out_of_scope"])
def test_after_a_crisis_small_talk_gives_way_to_the_lines(intent: str) -> None:
    decision = decided(seen(**{intent: 0.9}), Context(crisis_shown=True))
    assert (decision.intent, decision.route) == ("after_crisis", "support")


@pytest.mark.parametrize(
    ("message", "route"),
    [
        (seen(), "answer"),
        (seen(personal_odds=0.9), "personal_medical"),
        (seen(ask_person=0.9), "human"),
        (seen(verdict=CRISIS), "crisis"),
        (seen(verdict=URGENT), "emergency"),
    ],
    ids=["article", "odds", "person", "crisis", "urgent"],
)
def test_after_a_crisis_what_was_asked_is_still_answered(message: Seen, route: str) -> None:
    assert decided(message, Context(crisis_shown=True)).route == route
