"""The files of ``widget/`` and ``desk/``, each with the headers that keep it to itself."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from helpline import settings
from helpline.web.origins import embedding
from helpline.web.problems import of_status

WIDGET = settings.ROOT / "widget"
DESK = settings.ROOT / "desk"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What the system's own list has wrong or not at all on some machines."""

COMPRESSED = ("text/", "application/json", "image/svg+xml")

POLICY_NAME = "Content-Security-Policy"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {ancestors}"
)
"""Nothing from elsewhere, nothing inline."""


@dataclass(frozen=True)
class File:
    """A file as it is sent."""

    type: str
    content: bytes
    compressed: bytes | None
    tag: str


ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""The files hold nothing of anybody's: any site may load them, and show them in frames."""


def add_pages(blueprint: Blueprint) -> None:
    """Serve the demo page, the chat page, and their files."""

    async def demo(request: Request) -> HTTPResponse:
        return sent(request, "demo.html", {POLICY_NAME: _policy("'none'")})

    async def chat(request: Request) -> HTTPResponse:
        return sent(request, "chat.html", {POLICY_NAME: chat_policy(), **ANYWHERE})

    async def file(request: Request, name: str) -> HTTPResponse:
        return sent(request, name, {POLICY_NAME: _policy("'none'"), **ANYWHERE})

    methods = frozenset({"GET", "HEAD"})
    blueprint.add_route(demo, "/", methods=methods)
    blueprint.add_route(chat, "/chat", methods=methods)
    blueprint.add_route(file, "/widget/<name:path>", methods=methods)


def chat_policy() -> str:
    """Return what the chat page is allowed, and who may show it."""
    return _policy(" ".join(["'self'", *embedding()]))


def desk_policy() -> dict[str, str]:
    """Return the header that says what the desk's pages are allowed. Nobody may show them."""
    return {POLICY_NAME: _policy("'none'")}


def _policy(ancestors: str) -> str:
    return POLICY.format(ancestors=ancestors)


def sent(
    request: Request, name: str, headers: dict[str, str], folder: Path | None = None
) -> HTTPResponse:
    """Return a file of a folder, the widget's by default.

    Raises:
        Problem: there is no such file.
    """
    found = _find(folder or WIDGET, name)
    if found is None:
        raise of_status(404)
    headers = {
        "Cache-Control": "no-cache",
        "ETag": found.tag,
        "Vary": "Accept-Encoding",
        **headers,
    }
    if found.tag in request.headers.get("if-none-match", ""):
        return raw(b"", status=304, headers=headers, content_type=found.type)
    content = found.content
    if found.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content = found.compressed
        headers["Content-Encoding"] = "gzip"
    return raw(content, headers=headers, content_type=found.type)


def _find(folder: Path, name: str) -> File | None:
    """Return a file by its path within the folder; what is hidden or outside is not there."""
    if any(part.startswith(".") for part in name.split("/")):
        return None
    try:
        path = (folder / name).resolve(strict=True)
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            return None
        stat = path.stat()
    except (OSError, ValueError):
        return None
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, modified: int, size: int) -> File:
    content = path.read_bytes()
    type_ = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    type_ = type_ or "application/octet-stream"
    return File(
        type=type_,
        content=content,
        compressed=gzip.compress(content, mtime=0) if type_.startswith(COMPRESSED) else None,
        tag=f'"{hashlib.sha256(content).hexdigest()[:20]}"',
    )
