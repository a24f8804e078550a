"""A visitor who waits for each answer: over the web channel, as the chat page does it."""

from __future__ import annotations

import json
import time
import urllib.request
import uuid
from typing import Any


class WebVisitor:
    """One session with its stream."""

    def __init__(self, url: str) -> None:
        """Begin a session and listen."""
        self._url = url
        self._shown = {"Content-Type": "application/json"}
        with self._post("/api/sessions", {}) as reply:
            self._shown["Authorization"] = f"Bearer {json.load(reply)['token']}"
        self._stream = self._open("/api/stream", None)

    def ask(self, text: str) -> float:
        """Return the seconds from saying something to hearing the answer."""
        began = time.perf_counter()
        self._post("/api/messages", {"id": str(uuid.uuid4()), "text": text}).close()
        for line in self._stream:
            if line.startswith(b'data: {"id"') and json.loads(line[6:])["sender"] == "bot":
                return time.perf_counter() - began
        raise AssertionError("The stream has ended.")

    def leave(self) -> None:
        """Listen no more."""
        self._stream.close()

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self._open(path, json.dumps(body).encode())

    def _open(self, path: str, body: bytes | None) -> Any:
        request = urllib.request.Request(self._url + path, body, self._shown)
        return urllib.request.urlopen(request, timeout=60)
