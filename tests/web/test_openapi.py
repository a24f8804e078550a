"""The description of the API, held against the running server by a fuzzer."""

from __future__ import annotations

import jsonschema
import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from visitor import Visitor

from helpline.settings import ROOT

FILE = ROOT / "helpline" / "web" / "openapi.yml"
DESCRIPTION = yaml.safe_load(FILE.read_text(encoding="utf-8"))

api = schemathesis.openapi.from_path(FILE)
api.config.generation.update(modes=list(GenerationMode))
# What is too long is refused by its own status.
api.config.checks.negative_data_rejection.expected_statuses.append("413")

thorough = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


# A stream has no end, so it is heard below.
@api.exclude(operation_id="hear").parametrize()
@thorough
def test_the_server_does_what_its_description_says(case, server):
    visitor = Visitor(server.url)
    if case.operation.definition.raw.get("operationId") == "rate" and isinstance(case.body, dict):
        known = visitor.answer_to("can my brother be my donor?")["id"]
        case.body = {**case.body, **({"message": known} if case.body.get("message") == 1 else {})}
    case.call_and_validate(base_url=server.url, headers=visitor.shown, timeout=10)


@pytest.fixture(scope="module")
def listening(server):
    visitor = Visitor(server.url)
    visitor.answer_to("hello")
    return visitor


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    after=st.one_of(st.none(), st.integers(), st.text(max_size=20), st.floats()),
    last=st.one_of(
        st.none(), st.integers().map(str), st.from_regex(r"[!-~]{0,20}", fullmatch=True)
    ),
)
def test_the_stream_takes_the_number_of_a_message_and_nothing_else(listening, after, last):
    query = {} if after is None else {"after": after}
    header = {} if last is None else {"Last-Event-ID": last}
    response = requests.get(
        f"{listening.url}/api/stream",
        params=query,
        headers={**listening.shown, **header},
        stream=True,
        timeout=10,
    )
    asked = last if last is not None else "0" if after is None else str(after)
    is_number = asked.isascii() and asked.isdigit() and int(asked) < 2**53
    try:
        assert response.status_code in ({200, 429} if is_number else {400})
        types = DESCRIPTION["paths"]["/api/stream"]["get"]["responses"]
        if response.status_code == 200:
            assert response.headers["Content-Type"] in types["200"]["content"]
        else:
            valid(response.json(), "Problem")
    finally:
        response.raw.close()


def valid(data, name):
    """Hold data against a schema of the description."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": DESCRIPTION["components"]}
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(
        data
    )


DEFINED = "what is the meaning of chimerism?"
"""A word that no article is about."""


def test_what_the_stream_tells_is_as_described(server):
    visitor = Visitor(server.url, timezone="Europe/London")
    stream = visitor.hear()
    valid(stream.next("status"), "Status")
    valid(stream.next("handoff"), "Handoff")
    for text in (
        "can my brother be my donor?",
        "can I talk to someone?",
        "what is the meaning of chimerism?",
    ):
        visitor.say(text)
    valid(stream.next("typing"), "Typist")
    visitor.say("how do i find a clinical trial for ALL in Texas")
    visitor.say("i want to kill myself")
    heard = visitor.hear().messages(lambda heard: any("988" in m["text"] for m in heard[-1:]))
    for message in heard:
        valid(message, "Message")
    kinds = {message["data"]["type"] for message in heard if "data" in message}
    assert {"article", "people", "definition", "links", "screen"} <= kinds


def test_the_description_is_served_as_it_is_written(server):
    assert requests.get(f"{server.url}/api/openapi.json", timeout=10).json() == DESCRIPTION


def test_every_route_of_the_api_is_described():
    files = ("web/channel.py", "desk/visitor_routes.py")
    source = " ".join((ROOT / "helpline" / file).read_text(encoding="utf-8") for file in files)
    for path in DESCRIPTION["paths"]:
        assert f'"{path}"' in source
    operations = sum(len(path) for path in DESCRIPTION["paths"].values())
    assert source.count('"/api/') == operations
