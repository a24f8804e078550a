"""The pages and files of ``widget/``, each with the headers that keep it to itself."""

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


def add_pages(blueprint: Blueprint) -> None:
    """Serve the demo page, the chat page, and their files."""

    async def demo(request: Request) -> HTTPResponse:
        return _sent(request, "demo.html", _policy("'none'"))

    async def chat(request: Request) -> HTTPResponse:
        return _sent(request, "chat.html", _policy(" ".join(["'self'", *embedding()])))

    async def file(request: Request, name: str) -> HTTPResponse:
        return _sent(request, name, {**_policy("'none'"), **ANYWHERE})

    methods = frozenset({"GET", "HEAD"})
    blueprint.add_route(demo, "/", methods=methods)
    blueprint.add_route(chat, "/chat", methods=methods)
    blueprint.add_route(file, "/widget/<name:path>", methods=methods)


ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""The files hold nothing of anybody's: any site may load them."""


def _policy(ancestors: str) -> dict[str, str]:
    return {"Content-Security-Policy": POLICY.format(ancestors=ancestors)}


def _sent(request: Request, name: str, headers: dict[str, str]) -> HTTPResponse:
    path = (WIDGET / name).resolve()
    hidden = any(part.startswith(".") for part in Path(name).parts)
    if hidden or not path.is_relative_to(WIDGET.resolve()) or not path.is_file():
        raise of_status(404)
    stat = path.stat()
    file = _read(path, stat.st_mtime_ns, stat.st_size)
    headers = {
        "Cache-Control": "no-cache",
        "ETag": file.tag,
        "Vary": "Accept-Encoding",
        **CROSS_PAGE,
        **headers,
    }
    if file.tag in request.headers.get("if-none-match", ""):
        return raw(b"", status=304, headers=headers, content_type=file.type)
    content = file.content
    if file.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content = file.compressed
        headers["Content-Encoding"] = "gzip"
    return raw(content, headers=headers, content_type=file.type)


CROSS_PAGE = {"Cross-Origin-Resource-Policy": "cross-origin"}
"""A page in a frame of another site is loaded across origins."""


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
