"""Trial searches that are filled in already, and hold nothing that a visitor typed."""

from urllib.parse import parse_qs, urlsplit

import hypothesis
import pytest
from hypothesis import strategies as st

from helpline import settings
from helpline.knowledge import Entity, load_knowledge
from helpline.trials import CONDITION, SUBTYPES, search_links

KNOWLEDGE = load_knowledge(settings.KNOWLEDGE)
PLACES = [entity for entity in KNOWLEDGE.entities.values() if entity.label == "place"]

some = hypothesis.settings(max_examples=100, deadline=None)

SITES = {
    "clinicaltrials.gov": "/search",
    "www.cancer.gov": "/research/participate/clinical-trials-search/r",
    "find.cancerresearchuk.org": "/clinical-trials",
}
FIELDS = {
    "clinicaltrials.gov": {"cond", "aggFilters", "term", "locStr"},
    "www.cancer.gov": {"q", "loc", "rl", "lcnty", "lst", "lcty"},
    "find.cancerresearchuk.org": {
        "q",
        "filters[0][field]",
        "filters[0][values][0]",
        "filters[0][type]",
    },
}

places = st.sampled_from([None, *PLACES])
known_terms = st.lists(st.sampled_from(sorted(KNOWLEDGE.terms)))


def fields(links):
    """Return by site what each search form is filled in with."""
    return {
        urlsplit(link.url).netloc: {
            name: value
            for name, (value,) in parse_qs(urlsplit(link.url).query, strict_parsing=True).items()
        }
        for link in links
    }


def place(id_):
    return KNOWLEDGE.entities[id_]


@some
@hypothesis.given(places, known_terms)
def test_each_link_is_an_address_of_one_of_the_three_sites(where, terms):
    links = search_links(where, terms)
    assert len(links) == 3
    for link in links:
        parts = urlsplit(link.url)
        assert parts.scheme == "https"
        assert parts.path == SITES[parts.netloc]
        assert parts.fragment == ""
        assert link.url.isascii()
        assert not set(link.url) & set(" \n\"<>'")
    assert fields(links).keys() == SITES.keys()


@some
@hypothesis.given(places, known_terms)
def test_only_fields_that_the_forms_have_are_filled_in_each_once(where, terms):
    for site, filled in fields(search_links(where, terms)).items():
        assert filled.keys() <= FIELDS[site]


@some
@hypothesis.given(places, known_terms)
def test_every_search_is_for_acute_lymphoblastic_leukemia_in_trials_that_are_open(where, terms):
    filled = fields(search_links(where, terms))
    assert filled["clinicaltrials.gov"]["cond"] == CONDITION
    assert filled["clinicaltrials.gov"]["aggFilters"] == "status:rec,ages:adult"
    assert filled["www.cancer.gov"]["q"].startswith(CONDITION)
    assert filled["find.cancerresearchuk.org"]["q"].startswith("acute lymphoblastic leukaemia")
    assert filled["find.cancerresearchuk.org"]["filters[0][field]"] == "trial_status"
    assert filled["find.cancerresearchuk.org"]["filters[0][values][0]"] == "Open"


@some
@hypothesis.given(places, st.lists(st.text(st.characters())), known_terms)
def test_nothing_that_a_visitor_typed_gets_into_a_link_or_its_label(where, typed, terms):
    typed = [text for text in typed if text not in SUBTYPES]
    assert search_links(where, [*typed, *terms]) == search_links(where, terms)


def test_a_visitor_who_types_a_form_field_fills_in_nothing():
    typed = "b-cell&locStr=Chicago"
    assert search_links(None, [typed, "my name is Jo"]) == search_links(None, [])


@some
@hypothesis.given(places, known_terms)
def test_every_word_filled_in_is_from_our_own_lists(where, terms):
    ours = {CONDITION, "acute lymphoblastic leukaemia", *SUBTYPES.values(), "AND"}
    ours |= {"United States", "United Kingdom"}
    ours |= {name for name in (where and where.search, where and where.state) if name}
    allowed = {word for name in ours for word in name.split()}
    for filled in fields(search_links(where, terms)).values():
        for name in ("q", "cond", "term", "locStr", "lcnty", "lst", "lcty"):
            assert set(filled.get(name, "").split()) <= allowed


def test_the_subtypes_are_terms_of_the_glossary():
    assert SUBTYPES.keys() <= KNOWLEDGE.terms.keys()


@pytest.mark.parametrize(("subtype", "words"), SUBTYPES.items())
def test_a_subtype_narrows_every_search_and_is_named_in_every_label(subtype, words):
    links = search_links(None, ["all", subtype, "gvhd"])
    filled = fields(links)
    assert filled["clinicaltrials.gov"]["term"] == words
    assert filled["www.cancer.gov"]["q"] == f"{CONDITION} {words}"
    assert filled["find.cancerresearchuk.org"]["q"] == f"acute lymphoblastic leukaemia {words}"
    assert all(link.label.endswith(f", {words}") for link in links)


def test_several_subtypes_are_all_asked_for_once_each():
    filled = fields(search_links(None, ["relapse", "b-cell", "relapse"]))
    assert filled["clinicaltrials.gov"]["term"] == "B-cell AND relapsed"
    assert filled["www.cancer.gov"]["q"] == f"{CONDITION} B-cell relapsed"


def test_the_order_in_which_subtypes_are_named_makes_no_difference():
    assert search_links(None, ["relapse", "b-cell"]) == search_links(None, ["b-cell", "relapse"])


def test_without_a_subtype_or_place_the_search_is_for_anywhere():
    links = search_links(None, [])
    filled = fields(links)
    assert "term" not in filled["clinicaltrials.gov"]
    assert "locStr" not in filled["clinicaltrials.gov"]
    assert filled["www.cancer.gov"] == {"q": CONDITION, "loc": "0", "rl": "1"}
    assert not any("near" in link.label for link in links)


@pytest.mark.parametrize(
    ("id_", "in_words", "in_nci_form"),
    [
        (
            "chicago",
            "Chicago",
            {"loc": "2", "rl": "2", "lcnty": "United States", "lcty": "Chicago"},
        ),
        ("texas", "Texas", {"loc": "2", "rl": "2", "lcnty": "United States", "lst": "TX"}),
        ("united-states", "United States", {"loc": "2", "rl": "2", "lcnty": "United States"}),
        ("united-kingdom", "United Kingdom", {"loc": "2", "rl": "2", "lcnty": "United Kingdom"}),
        ("canada", "Canada", {"loc": "0", "rl": "1"}),
        ("london", "London", {"loc": "0", "rl": "1"}),
    ],
)
def test_a_place_is_filled_in_where_the_form_has_a_field_for_it(id_, in_words, in_nci_form):
    filled = fields(search_links(place(id_), []))
    assert filled["clinicaltrials.gov"]["locStr"] == in_words
    assert filled["www.cancer.gov"] == {"q": CONDITION, **in_nci_form}


@pytest.mark.parametrize("where", PLACES, ids=lambda where: where.id)
def test_a_label_says_near_exactly_where_the_search_is_narrowed_to_the_place(where):
    for link in search_links(where, []):
        site = urlsplit(link.url).netloc
        narrowed = {"clinicaltrials.gov": "locStr", "www.cancer.gov": "lcnty"}.get(site)
        says_so = link.label.endswith(f", near {where.search}")
        assert says_so == (narrowed is not None and narrowed in fields([link])[site])


@pytest.mark.parametrize("where", PLACES, ids=lambda where: where.id)
def test_the_uk_search_comes_first_for_places_in_the_uk_and_last_for_others(where):
    sites = list(fields(search_links(where, [])))
    assert sites.index("find.cancerresearchuk.org") == (0 if where.region == "uk" else 2)
    assert [site for site in sites if site != "find.cancerresearchuk.org"] == [
        "clinicaltrials.gov",
        "www.cancer.gov",
    ]


def test_a_place_that_no_form_can_be_told_is_left_out():
    nowhere = Entity(id="moon", label="place", spellings=["the moon"])
    assert search_links(nowhere, []) == search_links(None, [])
