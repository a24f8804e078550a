"""Signed requests between the helpline and a desk elsewhere."""

from __future__ import annotations

import hashlib
import hmac

TIMESTAMP, SIGNATURE = "X-Helpline-Timestamp", "X-Helpline-Signature"

TOLERANCE = 300
"""Seconds that a request may be old, or that two clocks may differ."""


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a body that is sent at a time (seconds since 1970)."""
    signed = f"{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def headers(secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return what to send beside a body."""
    return {TIMESTAMP: str(timestamp), SIGNATURE: sign(secret, timestamp, body)}


def is_genuine(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Return whether a request comes from who knows the secret, and is fresh."""
    if not secret or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > TOLERANCE:
        return False
    wanted = sign(secret, int(timestamp), body)
    return hmac.compare_digest(wanted.encode(), signature.encode(errors="replace"))
