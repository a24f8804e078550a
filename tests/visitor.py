"""A visitor's browser, as far as the server can tell: requests, and streams listened to."""

from __future__ import annotations

import itertools
import json
import queue
import socket
import threading
import uuid
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import requests

PATIENCE = 30
"""Seconds."""

NUMBERS = itertools.count(1)


def address() -> str:
    """An address that nobody has used yet: limits count by it."""
    number = next(NUMBERS)
    return f"198.18.{number // 250}.{number % 250 + 1}"


class Stream:
    """One open stream, read in a thread of its own."""

    def __init__(self, url, headers):
        address = urlsplit(url)
        connection = HTTPConnection(address.hostname, address.port, timeout=60)
        connection.connect()
        self._socket = connection.sock
        connection.request("GET", f"{address.path}?{address.query}", headers=headers)
        self._response = connection.getresponse()
        assert self._response.status == 200, self._response.read()
        self._events = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        fields = {}
        try:
            while line := self._response.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                elif "event" in fields:
                    self._events.put((fields["event"], json.loads(fields["data"])))
                    fields = {}
                else:
                    fields = {}
        except (OSError, HTTPException):
            pass
        self._events.put(("end", None))

    def next(self, *names, within=PATIENCE):
        """Return the data of the next event of one of these names."""
        while True:
            name, data = self._events.get(timeout=within)
            if name in names:
                return data
            assert name != "end", f"the stream ended without {names}"

    def messages(self, until, within=PATIENCE):
        """Return messages until one of them, or their number, is enough."""
        heard = []
        while not until(heard):
            heard.append(self.next("message", within=within))
        return heard

    def rest(self, within=0.7):
        """Return the messages that still come."""
        heard = []
        try:
            while True:
                heard.append(self.next("message", within=within))
        except queue.Empty:
            return heard

    def close(self):
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


class Visitor:
    """Somebody with a session."""

    def __init__(self, url, **about):
        self.url = url
        self.address = address()
        self.token = ""
        self.begun = self.post("sessions", about)
        self.token = self.begun.json().get("token", "")

    @property
    def conversation(self):
        return self.token.split(".")[0]

    @property
    def shown(self):
        """What the browser sends with every request."""
        token = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {**token, "X-Forwarded-For": self.address}

    def ask(self, method, path, headers=None, **options):
        return requests.request(
            method,
            f"{self.url}/api/{path}",
            headers={**self.shown, **(headers or {})},
            timeout=PATIENCE,
            **options,
        )

    def post(self, path, body=None, **options):
        return self.ask("POST", path, json=body or {}, **options)

    def say(self, text, id_=None):
        return self.post("messages", {"id": id_ or str(uuid.uuid4()), "text": text})

    def hear(self, after=0, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Stream(f"{self.url}/api/stream?after={after}", {**self.shown, **named})

    def answer_to(self, text):
        """Say something and return the assistant's next words."""
        posted = self.say(text)
        assert posted.status_code == 202, posted.text
        stream = self.hear(after=posted.json()["id"])
        try:
            return stream.messages(lambda heard: any(m["sender"] == "bot" for m in heard))[-1]
        finally:
            stream.close()

    def history(self):
        """Return everything that was said so far."""
        stream = self.hear()
        try:
            return stream.rest()
        finally:
            stream.close()
