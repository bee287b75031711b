"""A signing server or cryptographic card behind it (GM/T 0018): keys never leave it, we send what is to be worked on.

The adapter speaks a small HTTP interface that a gateway in front of the vendor's SDF library offers, one POST for each function
with JSON, bytes as base64: `keys {}` → `{"keys": […]}`, present first · `rotate {}` → `{"key"}` · `mac {"data","key"?}` →
`{"key","value"}` · `seal {"data","context"}` · `open {"key","value","context"}` → `{"data"}` or 422 · `sign {"data"}` ·
`verify {"key","data","value"}` → `{"right"}` · `public_key {"key"}` → `{"value"}`. 404: the key is not there.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlparse
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from lianzhang.kernel.crypto.errors import CryptoError, DeviceError, KeyMissing, Unopenable
from lianzhang.kernel.crypto.token import Token, bound

SECONDS = 5
LARGEST = 16 * 2**20


class _Stay(HTTPRedirectHandler):
    """No other address is followed: the token is for this server alone."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = build_opener(ProxyHandler({}), _Stay())


class Device:
    """The adapter; `url` and `token` come from the settings."""

    name = "device"
    digest = "sm3"

    def __init__(self, url: str, token: str) -> None:
        parts = urlparse(url)
        if parts.scheme != "https" and not (
            parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        ):
            raise CryptoError(
                f"LIANZHANG_CRYPTO_DEVICE: '{url}' is no address of a signing server; expected https://…, or http:// on this machine"
            )
        self.url, self.token = url.rstrip("/"), token

    def keys(self) -> list[str]:
        return [str(k) for k in self._ask("keys")["keys"]]

    def rotate(self) -> str:
        return str(self._ask("rotate")["key"])

    def mac(self, data: bytes, context: str, key: str | None = None) -> Token:
        message = bound("device-mac", "", context) + b"\0\0" + data
        return self._token("device-mac", self._ask("mac", data=message, **({"key": key} if key else {})))

    def seal(self, plain: bytes, context: str) -> Token:
        return self._token("device-seal", self._ask("seal", data=plain, context=context))

    def open(self, token: Token, context: str) -> bytes:
        if token.algorithm != "device-seal":
            raise Unopenable("no value sealed by the signing server")
        return self._bytes(self._ask("open", key=token.key, value=token.value, context=context), "data")

    def sign(self, data: bytes) -> Token:
        return self._token("device-sign", self._ask("sign", data=data))

    def verify(self, data: bytes, token: Token) -> bool:
        if token.algorithm != "device-sign":
            return False
        return self._ask("verify", key=token.key, data=data, value=token.value)["right"] is True

    def public_key(self, key: str) -> str:
        return self._bytes(self._ask("public_key", key=key), "value").hex()

    def _token(self, algorithm: str, answer: dict[str, Any]) -> Token:
        token = Token(algorithm, str(answer["key"]), self._bytes(answer, "value"))
        return Token.parse(
            str(token)
        )  # a key id that we could not read back is refused now, not in ten years

    def _bytes(self, answer: dict[str, Any], name: str) -> bytes:
        try:
            return b64decode(answer[name], validate=True)
        except (KeyError, ValueError, TypeError):
            raise DeviceError(f"the signing server's answer lacks '{name}' in base64") from None

    def _ask(self, function: str, **body: Any) -> dict[str, Any]:
        data = {k: b64encode(v).decode() if isinstance(v, bytes) else v for k, v in body.items()}
        request = Request(  # noqa: S310 - the scheme was checked above
            f"{self.url}/{function}",
            data=json.dumps(data).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        try:
            with _OPENER.open(request, timeout=SECONDS) as answer:
                found = json.loads(answer.read(LARGEST))
        except HTTPError as error:
            if error.code == 422:
                raise Unopenable("the sealed value was altered, or belongs to another place") from None
            if error.code == 404:
                raise KeyMissing(f"key {body.get('key')} is not in the signing server") from None
            raise DeviceError(f"the signing server answered {error.code} to '{function}'") from None
        except (URLError, TimeoutError, OSError, ValueError) as error:
            raise DeviceError(
                f"the signing server at {self.url} did not answer '{function}': {error}"
            ) from None
        if not isinstance(found, dict):
            raise DeviceError(f"the signing server's answer to '{function}' is no object")
        return found
