from __future__ import annotations


class CryptoError(Exception):
    """Something about keys or algorithms is not as it should be; the text says what and how to mend it."""


class Unopenable(CryptoError):
    """The value was altered, belongs to another place, or is no sealed value."""


class KeyMissing(CryptoError):
    """The key that the value names is not in this installation."""


class DeviceError(CryptoError):
    """The signing server did not answer, or answered something else than the interface says."""
