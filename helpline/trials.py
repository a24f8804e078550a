"""Links that open trial searches already filled in.

The forms' parameters are those of the three sites' own search pages in 2026. No visitor's text
goes into a link: only names from our own lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from helpline.knowledge import Entity

CONDITION = "acute lymphoblastic leukemia"

SUBTYPES = {
    "ph-positive": "Philadelphia chromosome positive",
    "b-cell": "B-cell",
    "t-cell": "T-cell",
    "relapse": "relapsed",
    "refractory": "refractory",
}
"""Glossary terms that narrow a search, and how the searches write them."""


@dataclass(frozen=True)
class SearchLink:
    """A search that opens in the browser."""

    label: str
    url: str


def search_links(place: Entity | None, terms: Sequence[str]) -> list[SearchLink]:
    """Return searches for recruiting ALL trials, in the place and of the subtypes named.

    Args:
        place: where, or None for anywhere. For a place in the UK the UK search comes first.
        terms: glossary ids; those in :data:`SUBTYPES` narrow the search.
    """
    words = [SUBTYPES[subtype] for subtype in SUBTYPES if subtype in terms]
    narrowed = "".join(f", {word}" for word in words)
    links = [
        SearchLink(
            f"ClinicalTrials.gov, trials for adults with ALL that are recruiting{narrowed}"
            + _near(place),
            _clinical_trials_gov(words, place),
        ),
        SearchLink(
            f"National Cancer Institute (US), open ALL trials{narrowed}"
            + (_near(place) if _in_nci_form(place) else ""),
            _national_cancer_institute(words, place),
        ),
        SearchLink(
            f"Cancer Research UK, acute leukaemia trials that are open{narrowed}",
            _cancer_research_uk(words),
        ),
    ]
    if place is not None and place.region == "uk":
        links.insert(0, links.pop())
    return links


def _near(place: Entity | None) -> str:
    return f", near {place.search}" if place is not None and place.search else ""


def _clinical_trials_gov(words: list[str], place: Entity | None) -> str:
    query = {"cond": CONDITION, "aggFilters": "status:rec,ages:adult"}
    if words:
        query["term"] = " AND ".join(words)
    if place is not None and place.search:
        query["locStr"] = place.search
    return f"https://clinicaltrials.gov/search?{urlencode(query)}"


def _in_nci_form(place: Entity | None) -> bool:
    return place is not None and (place.region == "us" or place.id == "united-kingdom")


def _national_cancer_institute(words: list[str], place: Entity | None) -> str:
    """The search lists open trials only. A place is a country, with a state or a city of it."""
    query = {"q": " ".join([CONDITION, *words])}
    if place is None or not _in_nci_form(place):
        query |= {"loc": "0", "rl": "1"}
    elif place.id == "united-kingdom":
        query |= {"loc": "2", "lcnty": "United Kingdom", "rl": "2"}
    else:
        query |= {"loc": "2", "lcnty": "United States", "rl": "2"}
        if place.state:
            query["lst"] = place.state
        elif place.id != "united-states" and place.search:
            query["lcty"] = place.search
    return "https://www.cancer.gov/research/participate/clinical-trials-search/r?" + urlencode(
        query
    )


def _cancer_research_uk(words: list[str]) -> str:
    query = {
        "q": " ".join(["acute lymphoblastic leukaemia", *words]),
        "filters[0][field]": "trial_status",
        "filters[0][values][0]": "Open",
        "filters[0][type]": "any",
    }
    return f"https://find.cancerresearchuk.org/clinical-trials?{urlencode(query)}"
