"""Secrets that must be read again (a webhook's, to check signatures) are kept encrypted."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.errors import Conflict

_PURPOSE = b"waymark: secrets of intake sources"


def _box(secret_key: str) -> Fernet:
    """A box whose key is made of SECRET_KEY, for this purpose alone."""
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(made))


def locked(secret: str, secret_key: str) -> str:
    """The secret, to be stored."""
    return _box(secret_key).encrypt(secret.encode()).decode()


def opened(stored: str, secret_key: str) -> str:
    """The secret as it was given; Conflict when SECRET_KEY is another by now."""
    try:
        return _box(secret_key).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        what = "the secret of this source can't be read: SECRET_KEY has changed"
        mend = "Give it anew: `waymark source secret`."
        raise Conflict(what, field="SECRET_KEY", mend=mend) from error
