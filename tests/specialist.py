"""A specialist's browser, as far as the server can tell."""

from __future__ import annotations

import uuid
from contextlib import contextmanager

import requests
from visitor import PATIENCE, Stream, address

from helpline import settings
from helpline.database import engine
from helpline.desk import specialists

PASSWORD = "correct horse battery staple"


@contextmanager
def database_of(server):
    """Let this process use a running server's database."""
    before, settings.DATABASE = settings.DATABASE, str(server.database)
    try:
        yield engine()
    finally:
        settings.DATABASE = before


class Specialist:
    """Somebody who is signed in."""

    def __init__(self, server, name, presence="available", new=True, **about):
        self.server = server
        self.url = server.url
        self.name = name
        self.address = address()
        self.browser = requests.Session()
        self.csrf = ""
        if new:
            with database_of(server):
                specialists.add(name, PASSWORD, **about)
        self.signed_in = self.post("sign-in", {"name": name, "password": PASSWORD})
        self.me = self.signed_in.json()
        self.csrf = self.me.get("csrf", "")
        self.id = self.me.get("id")
        if presence == "available":
            assert self.be("available").status_code == 204

    def ask(self, method, path, **options):
        headers = {"X-CSRF-Token": self.csrf, "X-Forwarded-For": self.address}
        return self.browser.request(
            method,
            f"{self.url}/desk/api/{path}",
            headers={**headers, **options.pop("headers", {})},
            timeout=PATIENCE,
            **options,
        )

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.ask("POST", path, json=body or {}, **options)

    def put(self, path, body):
        return self.ask("PUT", path, json=body)

    def delete(self, path):
        return self.ask("DELETE", path)

    def be(self, presence):
        return self.put("me/presence", {"presence": presence})

    def hear(self):
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.browser.cookies)
        shown = {"Cookie": cookies, "X-Forwarded-For": self.address}
        return Stream(f"{self.url}/desk/api/stream?", shown)

    def look(self, name):
        """Return one part of the board as it is now."""
        stream = self.hear()
        try:
            return stream.next(name)[{"queue": "waiting"}.get(name, name)]
        finally:
            stream.close()

    def open(self, visitor, after=0):
        return self.get(f"conversations/{visitor.conversation}?after={after}")

    def claim(self, visitor):
        return self.post(f"conversations/{visitor.conversation}/claim")

    def say(self, visitor, text, id_=None, **more):
        body = {"id": id_ or str(uuid.uuid4()), "text": text, **more}
        return self.post(f"conversations/{visitor.conversation}/messages", body)

    def close(self, visitor, reason="answered", seen=2**50):
        body = {"reason": reason, "seen": seen}
        return self.post(f"conversations/{visitor.conversation}/close", body)
