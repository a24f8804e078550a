"""Black box: both servers on free ports, spoken to over HTTP as any channel would."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from helpline import settings
from helpline.chat import send
from helpline.serve import CannotServe, free_port, start, stop, wait_until_ready

SATURDAY_NIGHT = "2026-11-21T22:00:00-06:00"


@pytest.fixture(scope="module")
def url(trained):
    """An assistant that believes it is Saturday, 22:00 Central."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELPLINE_NOW", SATURDAY_NIGHT)
        port = free_port()
        servers = start(port, free_port())
        try:
            wait_until_ready(servers)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(servers)


def say(url, *texts, sender=None):
    """Send texts in one conversation and return what is said to the last one."""
    sender = sender or f"test-{time.monotonic_ns()}"
    for text in texts:
        messages = send(url, sender, text)
    return messages


def articles(messages):
    return [
        m["custom"]["article"] for m in messages if m.get("custom", {}).get("type") == "article"
    ]


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("What are the types of stem cell transplant?", {"type-overview"}),
        ("Can my brother be my donor?", {"donor-sibling"}),
        ("what if it comes back after transplant", {"rel-what", "rel-second"}),
        ("how do i find a clinical trial for ALL", {"trial-find"}),
    ],
)
def test_the_first_questions_are_answered_with_sources_and_dates(url, question, right):
    messages = say(url, question)
    assert set(articles(messages)) & right
    text = messages[0]["text"]
    assert "Sources: " in text
    assert "20" in text.split("Sources: ")[1] or "no date shown" in text.split("Sources: ")[1]
    assert "Talk to a person" in [button["title"] for button in messages[0]["buttons"]]


def test_a_trial_question_brings_searches_already_filled_in(url):
    messages = say(url, "how do i find a clinical trial for ALL in Texas")
    links = next(
        m["custom"]["links"] for m in messages if m.get("custom", {}).get("type") == "links"
    )
    assert any("clinicaltrials.gov" in link["url"] and "Texas" in link["url"] for link in links)


def test_on_saturday_night_the_phone_comes_first_and_chat_opens_on_monday(url):
    text = say(url, "can I talk to someone?")[0]["text"]
    assert text.index("1-800-227-2345") < text.index("chat")
    assert "Monday at 7:00 am Central" in text


def test_a_conversation_carries_on(url):
    assert articles(say(url, "Can my brother be my donor?", "tell me more")) == ["donor-sibling"]


def test_conversations_do_not_see_each_other(url):
    say(url, "Can my brother be my donor?")
    text = say(url, "tell me more")[0]["text"]
    assert "haven't told you anything yet" in text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="spaces"),
        pytest.param("\x00\x01\x02", id="control characters"),
        pytest.param("\N{THUMBS UP SIGN}", id="emoji"),
        pytest.param("a" * 100_000, id="oversized"),
        pytest.param("<script>alert(1)</script>", id="markup"),
        pytest.param("'; DROP TABLE events --", id="SQL"),
    ],
)
def test_any_message_gets_a_decent_reply(url, text):
    messages = say(url, text)
    assert messages
    assert all("Traceback" not in message.get("text", "") for message in messages)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (bytes(range(256)), 400),
        (b"[]", 400),
        (b'{"message": "no sender"}', 400),
        (b'{"sender": "x"}', 400),
        (b'{"sender": "x", "message": 5}', 400),
        (b'{"sender": {"a": 1}, "message": "hi"}', 400),
        (b'{"sender": "x", "message": "hi", "metadata": "text"}', 400),
        (json.dumps({"sender": "x", "message": "a" * 10_001}).encode(), 413),
    ],
)
def test_what_is_no_message_is_refused_with_a_remedy(url, body, status):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{url}/webhooks/rest/webhook", body, timeout=10)
    assert refused.value.code == status
    assert refused.value.headers["Content-Type"] == "application/problem+json"
    assert json.load(refused.value)["detail"]


@pytest.mark.parametrize("command", ["/restart", "/crisis", "/donors/donor-hla", "/session_start"])
def test_a_slash_command_from_outside_is_text_like_any_other(url, command):
    sender = f"slash-{command}"
    say(url, "Can my brother be my donor?", sender=sender)
    assert say(url, command, sender=sender)
    assert articles(say(url, "tell me more", sender=sender)), "the conversation is still there"


def test_the_rest_api_is_not_open(url):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{url}/conversations/one/tracker", timeout=5)
    assert refused.value.code == 404


def test_without_the_action_server_there_is_still_a_number_to_phone(trained):
    port = free_port()
    servers = start(port, free_port())
    try:
        wait_until_ready(servers)
        stop([server for server in servers if server.name == "action server"])
        url = f"http://127.0.0.1:{port}"
        assert "1-800-227-2345" in say(url, "can I talk to someone?")[0]["text"]
        assert articles(say(url, "Can my brother be my donor?")) == ["donor-sibling"]
        assert "988" in " ".join(m.get("text", "") for m in say(url, "i want to kill myself"))
    finally:
        stop(servers)


def supervisor(**environment):
    return subprocess.Popen(
        [sys.executable, "-m", "helpline", "run"],
        cwd=settings.ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def running(trained):
    """`helpline run` on free ports, ready."""
    process = supervisor(HELPLINE_PORT=str(free_port()), HELPLINE_ACTIONS_PORT=str(free_port()))
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "answers at" in line:
            break
    assert lines, "helpline run ended at once"
    yield process
    process.kill()
    process.wait()


def children(process):
    """Process ids of the two servers."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True
    ).stdout
    return {line.split()[3].rsplit(".", 1)[1]: int(line.split()[0]) for line in listed.splitlines()}


def gone(pids):
    """Wait until no process has one of these ids."""
    for _ in range(100):
        alive = [pid for pid in pids if os.path.exists(f"/proc/{pid}")]
        if not alive:
            return True
        time.sleep(0.2)
    return False


def test_one_interrupt_ends_both(running):
    pids = children(running)
    assert set(pids) == {"rasa_server", "action_server"}
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 0
    assert gone(pids.values())


@pytest.mark.parametrize("server", ["action_server", "rasa_server"])
def test_one_dying_ends_both_and_says_so(running, server):
    pids = children(running)
    os.kill(pids[server], signal.SIGKILL)
    assert running.wait(30) == 1
    said = running.stdout.read()
    assert "ended by itself" in said
    assert "Traceback" not in said
    assert gone(pids.values())


def test_a_busy_port_is_said_in_one_line(url):
    port = int(url.rsplit(":", 1)[1])
    with pytest.raises(CannotServe, match=f"Port {port} for the assistant is busy") as busy:
        start(port, free_port())
    assert "\n" not in str(busy.value)


def command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "helpline", *arguments],
        cwd=settings.ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_a_missing_model_is_one_clear_line(tmp_path):
    result = command("ask", "hello", HELPLINE_MODELS=str(tmp_path))
    assert result.returncode == 1
    assert "make train" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_an_empty_knowledge_folder_is_one_clear_line_a_file(tmp_path):
    result = command("train", HELPLINE_KNOWLEDGE=str(tmp_path))
    assert result.returncode == 1
    assert "no articles found" in result.stderr
    assert "Traceback" not in result.stderr


def test_asking_on_the_command_line_gives_json(trained):
    result = command("ask", "what is gvhd", "--json")
    reply = json.loads(result.stdout)
    assert reply["route"] == "answer"
    assert reply["article"] == "gvhd-what"
    assert len(reply["top"]) == 3
    assert reply["said"][0]["text"]


def test_the_terminal_chat_shows_buttons_as_numbers_and_sources(url):
    result = subprocess.run(
        [sys.executable, "-m", "helpline", "chat", "--url", url],
        input="can my brother be my donor?\n1\n",
        capture_output=True,
        text=True,
        cwd=settings.ROOT,
    )
    assert "Sources: " in result.stdout
    assert "  1. " in result.stdout
    assert result.stdout.count("Sources: ") == 2, "the number picks a suggestion"
    assert "Goodbye" in result.stdout


def test_chatting_with_nobody_is_one_clear_line():
    result = subprocess.run(
        [sys.executable, "-m", "helpline", "chat", "--url", f"http://127.0.0.1:{free_port()}"],
        input="hello\n",
        capture_output=True,
        text=True,
        cwd=settings.ROOT,
    )
    assert result.returncode == 1
    assert "make run" in result.stderr
    assert "Traceback" not in result.stderr
