"""A terminal to talk to the assistant over HTTP, as any channel would."""

from __future__ import annotations

import json
import secrets
import sys
import textwrap
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from helpline import settings
from helpline.answer import fill
from helpline.knowledge import configured_knowledge
from helpline.serve import CannotServe, free_port, start, stop, wait_until_ready

WIDTH = 88

REPLY_WITHIN = 60
"""Seconds."""

WELCOME = """\
Type a question and press Enter. A number picks one of the suggestions. Ctrl-D ends the chat.
This is general information, not medical advice, and no clinician has reviewed it yet.
In an emergency call {us-emergency} (US) or {uk-emergency} (UK)."""


def chat_with_own_server() -> None:
    """Start the servers on free ports, talk, and end them."""
    with _notice("Waking up"):
        port = free_port()
        token = secrets.token_urlsafe()
        servers = start(port, free_port(), host="127.0.0.1", rest_token=token)
        try:
            wait_until_ready(servers)
        except BaseException:
            stop(servers)
            raise
    try:
        chat_at(f"http://127.0.0.1:{port}", token)
    finally:
        stop(servers)


def chat_at(url: str, token: str = settings.REST_TOKEN) -> None:
    """Talk to the assistant at an address until the visitor leaves.

    Args:
        url: the address.
        token: what its REST channel asks for.

    Raises:
        CannotServe: nothing answers there.
    """
    sender = uuid.uuid4().hex
    buttons: list[dict[str, str]] = []
    print(fill(WELCOME, configured_knowledge()))
    while True:
        try:
            typed = input("\nYou: ").strip()
        except (EOFError, KeyboardInterrupt):
            print("\nGoodbye, and take care.")
            return
        text = _picked(typed, buttons)
        with _notice("Typing"):
            messages = send(url, sender, text, token)
        buttons = []
        for message in messages:
            for line in show(message, first_number=len(buttons) + 1):
                print(line)
            buttons += message.get("buttons", [])


def send(
    url: str, sender: str, text: str, token: str = settings.REST_TOKEN
) -> list[dict[str, Any]]:
    """Post a message to Rasa's REST channel and return what the assistant says.

    Raises:
        CannotServe: nothing answers at the address, or not as an assistant does.
    """
    zone = str(datetime.now().astimezone().tzinfo or "")
    body = {"sender": sender, "message": text, "metadata": {"timezone": zone}}
    request = urllib.request.Request(
        f"{url.rstrip('/')}/webhooks/rest/webhook",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=REPLY_WITHIN) as reply:
            said = json.load(reply)
    except urllib.error.HTTPError as refused:
        return [{"text": json.load(refused)["detail"]}]
    except (OSError, ValueError) as error:
        raise CannotServe(
            f"No assistant answers at {url} ({error}). Start it with `make run`."
        ) from None
    return list(said)


def show(message: dict[str, Any], first_number: int = 1) -> list[str]:
    """Return a message as lines for the terminal; the web page's payload is left out."""
    lines = []
    for paragraph in message.get("text", "").split("\n"):
        lines += textwrap.wrap(
            paragraph, WIDTH, break_long_words=False, break_on_hyphens=False
        ) or [""]
    if lines:
        lines.insert(0, "")
    for number, button in enumerate(message.get("buttons", []), first_number):
        lines.append(f"  {number}. {button['title']}")
    return lines


def _picked(typed: str, buttons: list[dict[str, str]]) -> str:
    if typed.isdigit() and 1 <= int(typed) <= len(buttons):
        return buttons[int(typed) - 1]["payload"]
    return typed


@contextmanager
def _notice(word: str) -> Iterator[None]:
    """Show a line while something takes its time, on a terminal only."""
    if not sys.stdout.isatty():
        yield
        return
    done = threading.Event()

    def turn() -> None:
        dots = 0
        while not done.wait(0.3):
            dots = dots % 3 + 1
            print(f"\r{word} {'.' * dots:3s}", end="", flush=True)

    turner = threading.Thread(target=turn, daemon=True)
    turner.start()
    try:
        yield
    finally:
        done.set()
        turner.join()
        print("\r" + " " * (len(word) + 5) + "\r", end="", flush=True)
