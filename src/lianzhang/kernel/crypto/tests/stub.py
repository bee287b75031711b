"""A signing server of the tests: the interface of `device.py` over a back end of our own, on 127.0.0.1."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from lianzhang.kernel.crypto import KeyMissing, Token, Unopenable
from lianzhang.kernel.crypto.guomi import Guomi

OWN = Guomi()


def _value(token: Token) -> dict[str, str]:
    return {"key": token.key, "value": b64encode(token.value).decode()}


def _d(body: dict[str, str], name: str) -> bytes:
    return b64decode(body[name])


FUNCTIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "keys": lambda b: {"keys": OWN.keys()},
    "rotate": lambda b: {"key": OWN.rotate()},
    "mac": lambda b: _value(OWN.mac(_d(b, "data"), "device", b.get("key"))),
    "seal": lambda b: _value(OWN.seal(_d(b, "data"), b["context"])),
    "open": lambda b: {
        "data": b64encode(OWN.open(Token("sm4gcm", b["key"], _d(b, "value")), b["context"])).decode()
    },
    "sign": lambda b: _value(OWN.sign(_d(b, "data"))),
    "verify": lambda b: {"right": OWN.verify(_d(b, "data"), Token("sm2", b["key"], _d(b, "value")))},
    "public_key": lambda b: {"value": b64encode(bytes.fromhex(OWN.public_key(b["key"]))).decode()},
}


class Handler(BaseHTTPRequestHandler):
    """One POST for each function."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != "Bearer device-secret":
            return self._answer(401, {})
        try:
            return self._answer(200, FUNCTIONS[self.path.strip("/")](body))
        except KeyMissing:
            return self._answer(404, {})
        except Unopenable:
            return self._answer(422, {})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""


@contextmanager
def signing_server(handler: type[BaseHTTPRequestHandler] = Handler) -> Iterator[str]:
    """Its address while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
