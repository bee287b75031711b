"""The key file, the signing server's failures, sealed columns."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from lianzhang.kernel import crypto
from lianzhang.kernel.crypto import keys
from lianzhang.kernel.crypto.tests.stub import signing_server


def test_the_file_is_the_owners_alone_and_holds_32_random_bytes() -> None:
    crypto.seal("x", "c")
    assert keys.place().stat().st_mode & 0o777 == 0o600
    (row,) = json.loads(keys.place().read_text())["keys"]
    assert len(bytes.fromhex(row["secret"])) == 32
    assert row["secret"] not in repr(keys.all_keys())


def test_eight_that_begin_together_agree_on_one_key() -> None:
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda n: crypto.seal(str(n), "c"), range(8)))
    assert len({crypto.Token.parse(s).key for s in sealed}) == 1
    assert [crypto.open(s, "c") for s in sealed] == [str(n) for n in range(8)]


def test_a_spoiled_or_lost_key_file_is_said_and_not_replaced() -> None:
    sealed = crypto.seal("x", "c")
    kept = keys.place().read_text()
    keys.place().write_text("{")
    with pytest.raises(crypto.CryptoError, match="not a key file"):
        crypto.seal("x", "c")
    keys.place().unlink()
    with pytest.raises(crypto.KeyMissing, match="put back the key file"):
        crypto.open(sealed, "c")
    keys.place().write_text(kept)
    assert crypto.open(sealed, "c") == "x"


def test_an_unknown_back_end_is_said(settings: Any) -> None:
    settings.CRYPTO = "rot13"
    with pytest.raises(crypto.CryptoError, match="standard, guomi, device"):
        crypto.seal("x", "c")


@pytest.mark.parametrize("url", ["", "http://10.0.0.7/", "file:///etc/passwd", "ftp://127.0.0.1"])
def test_only_a_proper_address_is_asked(settings: Any, url: str) -> None:
    settings.CRYPTO, settings.CRYPTO_DEVICE = "device", url
    with pytest.raises(crypto.CryptoError, match="LIANZHANG_CRYPTO_DEVICE"):
        crypto.seal("x", "c")


def answering(status: int, body: bytes, **head: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            for name, value in head.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    return Handler


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (401, b"{}"), (200, b"no json"), (200, b"[]"), (200, b'{"key": "k", "value": "?"}'), (200, b'{"key": "k"}')],
)  # fmt: skip
def test_a_server_that_answers_badly_fails_closed(settings: Any, status: int, body: bytes) -> None:
    settings.CRYPTO = "device"
    with signing_server(answering(status, body)) as settings.CRYPTO_DEVICE, pytest.raises(crypto.DeviceError):
        crypto.seal("x", "c")


def test_the_token_follows_no_redirect(settings: Any) -> None:
    settings.CRYPTO = "device"
    with (
        signing_server(answering(200, b'{"key": "k1", "value": "AAAA"}')) as elsewhere,
        signing_server(answering(302, b"", Location=elsewhere)) as settings.CRYPTO_DEVICE,
        pytest.raises(crypto.DeviceError, match="302"),
    ):
        crypto.seal("x", "c")


def test_a_server_that_is_away_fails_closed(settings: Any) -> None:
    settings.CRYPTO, settings.CRYPTO_DEVICE = "device", "http://127.0.0.1:9"
    with pytest.raises(crypto.DeviceError, match="did not answer"):
        crypto.seal("x", "c")
