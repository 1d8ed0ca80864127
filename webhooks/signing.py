"""Signatures as Standard Webhooks describes them (standardwebhooks.com, version 1). Pure.

What is signed is ``ID.TIMESTAMP.BODY``, by HMAC-SHA-256 with the bytes that a secret ``whsec_...``
encodes. The receiver computes the same and compares; the time lets it refuse what is old.
"""

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def secret_of(key: bytes) -> str:
    """Bytes of a key as the secret that a receiver is given."""
    return PREFIX + base64.b64encode(key).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header ``webhook-signature``; *timestamp* in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
