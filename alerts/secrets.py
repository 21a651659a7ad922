"""Addresses of channels, which hold passwords and tokens, encrypted at rest."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken

import environment
from kept_secrets import channel_key


class UnreadableSecretError(Exception):
    """The site's key is not the one that the address was encrypted with."""


def encrypt(text: str) -> str:
    """A text that only this site's key opens (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text again; raises `UnreadableSecretError`."""
    if not token:
        return ""
    try:
        return fernet().decrypt(token.encode()).decode()
    except InvalidToken:
        raise UnreadableSecretError(
            "The address cannot be read with this site’s key (DATA_DIR/channel_key): write it anew."
        ) from None


def fernet() -> Fernet:
    """The cipher with the site's key."""
    return Fernet(channel_key(environment.current()))
