"""Behind nginx with the very settings of the how-to: TLS, sign-in, cookies, addresses, limits, slow clients (F12)."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from town import Town

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "run-in-production.md"
HOST = "brain.example.gov.cn"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
AROUND = """daemon off; master_process on; worker_processes 1; {user} pid {place}/nginx.pid; error_log {place}/error.log;
events {{ worker_connections 512; }}
http {{ access_log off; client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/f;
uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;
{own} }}
"""
ADDRESSES = """
from lianzhang.kernel.models import SignIn
print(" ".join(f"{r.username}={r.address}" for r in SignIn.objects.order_by("pk")))
"""
SLOW = 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(place: Path) -> tuple[Path, Path]:
    """A certificate that the name signed itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    (place / "brain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (place / "brain.key").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))  # fmt: skip
    return place / "brain.pem", place / "brain.key"


class Front:
    """The city behind its proxy: where both listen, and a browser of the simplest kind."""

    def __init__(self, town: Town, place: Path) -> None:
        self.town, self.place = town, place
        self.app, self.tls, self.plain = free_port(), free_port(), free_port()
        self.cookies: dict[str, str] = {}

    def settings(self) -> str:
        """The block of the how-to, with only ports and paths exchanged."""
        [block] = re.findall(r"```nginx\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
        pem, key = certificate(self.place)
        for there, here in (
            ("127.0.0.1:8000;", f"127.0.0.1:{self.app};"), ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.tls} ssl"), ("/etc/ssl/brain.pem", str(pem)), ("/etc/ssl/brain.key", str(key)),
        ):  # fmt: skip
            assert block.count(there) == 1, there
            block = block.replace(there, here)
        return block

    def line(self, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """An encrypted connection to the proxy from an address of this machine; the certificate is checked."""
        context = ssl.create_default_context(cafile=str(self.place / "brain.pem"))
        raw = socket.create_connection(("127.0.0.1", self.tls), timeout=60, source_address=(source, 0))
        return context.wrap_socket(raw, server_hostname=HOST)

    def ask(
        self, path: str, fields: dict[str, str] | None = None, source: str = "127.0.0.1", **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        """One request, with the cookies kept and those that come back kept as well."""
        from urllib.parse import urlencode

        connection = http.client.HTTPConnection(HOST)
        connection.sock = self.line(source)
        sent = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        if fields is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
        connection.request(
            "GET" if fields is None else "POST", path, urlencode(fields) if fields is not None else None, sent
        )
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer, text


@pytest.fixture
def front(town: Town, tmp_path: Path) -> Iterator[Front]:
    if NGINX is None:
        pytest.skip("nginx is not here: apt-get install nginx-light")
    told = {
        "LIANZHANG_HOSTS": HOST,
        "LIANZHANG_ORIGINS": f"https://{HOST}",
        "LIANZHANG_HTTPS": "1",
        "LIANZHANG_PROXY": "1",
    }
    front = Front(Town(town.home, told), tmp_path)
    user = "user root;" if os.geteuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(AROUND.format(place=tmp_path, own=front.settings(), user=user))
    nginx = [
        NGINX,
        "-p",
        str(tmp_path),
        "-e",
        str(tmp_path / "error.log"),
        "-c",
        str(tmp_path / "nginx.conf"),
    ]
    subprocess.run([*nginx, "-t"], check=True)
    app = [sys.executable, "-m", "lianzhang.cli", "serve", "--port", str(front.app), "--workers", "1"]
    children = [subprocess.Popen(app, env=front.town.environment()), subprocess.Popen(nginx)]
    try:
        from serving import until_up

        until_up(f"http://127.0.0.1:{front.app}", 120)
        yield front
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(30)


def test_a_city_behind_the_proxy(front: Front) -> None:
    a_request_in_clear_is_sent_to_tls(front)
    a_program_in_clear_is_not_led_on(front)
    only_sound_encryption_is_spoken(front)
    no_request_hides_another(front)
    people = json.loads((front.town.home / "demo-accounts.json").read_text())
    director = people["director"]
    one_signs_in_from_his_own_address(front, director)
    headers_and_static_files_are_the_programs_own(front)
    a_body_too_large_is_refused_before_it_is_sent(front)
    what_somebody_says_beside_the_proxy_is_not_believed(front)
    slow_clients_keep_nobody_waiting(front)


def a_request_in_clear_is_sent_to_tls(front: Front) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=30)
    connection.request("GET", "/matters/?x=1", headers={"Host": HOST})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/matters/?x=1")


def a_program_in_clear_is_not_led_on(front: Front) -> None:
    """Its key went in clear: led on silently, nobody would notice (ASVS 4.1.2)."""
    connection = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=30)
    connection.request("GET", "/api/v1/enterprises", headers={"Host": HOST, "Authorization": "Bearer x"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (403, None)


def only_sound_encryption_is_spoken(front: Front) -> None:
    """TLS 1.2 with forward secrecy and authenticated encryption, and 1.3; nothing older, no weaker cipher (ASVS 12.1)."""
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert hand_shaken(front, version) == version
    for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        assert hand_shaken(front, old, "ALL:@SECLEVEL=0") is None, old
    for good in ("ECDHE+AESGCM", "ECDHE+CHACHA20"):
        assert hand_shaken(front, ssl.TLSVersion.TLSv1_2, good)
    for weak in ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE+AES+SHA1", "ECDHE-ECDSA-AES256-SHA384", "DHE"):
        assert hand_shaken(front, ssl.TLSVersion.TLSv1_2, f"{weak}:@SECLEVEL=0") is None, weak


def hand_shaken(front: Front, version: ssl.TLSVersion, ciphers: str = "") -> ssl.TLSVersion | None:
    """The version on which both agree where the caller speaks only this one; None where they don't."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(front.place / "brain.pem")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers)
    try:
        with (
            socket.create_connection(("127.0.0.1", front.tls), timeout=30) as raw,
            context.wrap_socket(raw, server_hostname=HOST) as line,
        ):
            return ssl.TLSVersion[(line.version() or "").replace(".", "_")]
    except (ssl.SSLError, ConnectionError):
        return None


def no_request_hides_another(front: Front) -> None:
    """Where it is doubtful where a message ends, there is one answer: a second request within the first gets none (ASVS 4.2.1)."""
    hidden = f"GET /healthz?hidden HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
    chunked = f"0\r\n\r\n{hidden}"
    for heads, body in (
        (f"Content-Length: {len(chunked)}\r\nTransfer-Encoding: chunked", chunked),
        (f"Transfer-Encoding: chunked\r\nContent-Length: {len(chunked)}", chunked),
        (f"Content-Length: 0\r\nContent-Length: {len(hidden)}", hidden),
        (f"Content-Length: +{len(hidden)}", hidden),
        ("Transfer-Encoding : chunked", chunked),
        ("Transfer-Encoding: xchunked", chunked),
        ("Transfer-Encoding: chunked, identity", chunked),
    ):
        request = f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\n{heads}\r\n\r\n{body}".encode()
        answers = all_that_comes(front.line(), request)
        assert len(answers) == 1, (heads, answers, "the hidden request was answered")
        assert answers[0] in (b"400", b"403", b"501"), (heads, answers)


def all_that_comes(line: socket.socket, request: bytes) -> list[bytes]:
    """The statuses of all answers to what was sent, until the other side closes or is silent."""
    line.settimeout(3)
    got = b""
    try:
        line.sendall(request)
        while more := line.recv(65536):
            got += more
    except OSError:
        pass
    line.close()
    return re.findall(rb"HTTP/1\.[01] (\d{3})", got)


def one_signs_in_from_his_own_address(front: Front, person: dict[str, str]) -> None:
    """The form's token, the cookies and the address hold; what he says of himself does not."""
    answer, page = front.ask("/accounts/login/")
    assert answer.status == 200
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]  # type: ignore[index]
    fields = {"csrfmiddlewaretoken": token, "login": person["username"], "password": person["password"]}
    answer, _ = front.ask(
        "/accounts/login/",
        fields,
        source="127.0.0.2",
        X_Forwarded_For="203.0.113.9",
        X_Forwarded_Proto="http",
    )
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert any(c.startswith("__Host-session=") for c in cookies)
    assert all("Secure" in c and "Path=/" in c and "Domain" not in c for c in cookies)
    assert all("HttpOnly" in c for c in cookies if c.startswith("__Host-session"))
    answer, page = front.ask("/")
    assert answer.status == 200
    assert person["username"] in page or "/accounts/logout/" in page
    assert front.town.python(ADDRESSES).split()[-1] == f"{person['username']}=127.0.0.2"
    answer, _ = front.ask("/accounts/login/", fields, Origin="https://elsewhere.example")
    assert answer.status == 403


def headers_and_static_files_are_the_programs_own(front: Front) -> None:
    answer, _ = front.ask("/matters/")
    assert answer.status == 200
    for name in (
        "Strict-Transport-Security",
        "Content-Security-Policy",
        "X-Frame-Options",
        "X-Content-Type-Options",
    ):
        assert len(answer.headers.get_all(name) or []) == 1, name
    assert "includeSubDomains" in answer.headers["Strict-Transport-Security"]
    assert "/" not in answer.headers["Server"]
    answer, _ = front.ask("/static/vendor/tabler.min.css", Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "max-age" in answer.headers["Cache-Control"]
    assert front.ask("/metrics")[0].status == 404
    assert front.ask("/healthz")[0].status == 200


def a_body_too_large_is_refused_before_it_is_sent(front: Front) -> None:
    line = front.line()
    line.sendall(f"POST /imports/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {201 << 20}\r\n\r\n".encode())
    assert b" 413 " in line.recv(200)
    line.close()


def what_somebody_says_beside_the_proxy_is_not_believed(front: Front) -> None:
    """Straight to the program from another address: neither the scheme nor the address he claims."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", front.app, timeout=30, source_address=("127.0.0.3", 0)
    )
    claims = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    connection.request("GET", "/accounts/login/", headers=claims)
    answer = connection.getresponse()
    answer.read()
    assert "Strict-Transport-Security" not in answer.headers, "the scheme was believed"


def slow_clients_keep_nobody_waiting(front: Front) -> None:
    """Forty who send a byte now and then, of head or body: pages come as before, and the heads are given up."""
    lines = [front.line() for _ in range(SLOW)]
    head = f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000\r\n".encode()
    began = time.monotonic()
    for n, line in enumerate(lines):
        line.sendall(head + (b"\r\nlogin=" if n % 2 else b"X-Slow: "))
    taken = []
    while time.monotonic() - began < 18:
        for line in lines:
            try:
                line.sendall(b"a")
            except OSError:
                continue
        before = time.monotonic()
        assert front.ask("/matters/")[0].status == 200
        taken.append(time.monotonic() - before)
        time.sleep(1)
    assert max(taken) < 10, taken
    closed = 0
    for line in lines[::2]:
        line.settimeout(10)
        try:
            closed += line.recv(300)[:12] in (b"", b"HTTP/1.1 408")
        except OSError:
            closed += 1
    assert closed == SLOW // 2, "heads that never end are kept"
    for line in lines:
        line.close()
