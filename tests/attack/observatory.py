"""A scorer of headers after Mozilla's HTTP Observatory, as we remember its rules: 100 at the start, tests take and give.

It is ours and not Mozilla's: what is claimed is a score by this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import SimpleCookie

YEAR = 365 * 24 * 3600
GRADES = (
    (100, "A+"),
    (90, "A"),
    (85, "A-"),
    (80, "B+"),
    (70, "B"),
    (65, "B-"),
    (60, "C+"),
    (50, "C"),
    (45, "C-"),
    (40, "D+"),
    (30, "D"),
    (25, "D-"),
)


def policy(headers: Mapping[str, str]) -> dict[str, list[str]]:
    """The directives of a content security policy."""
    parts = [p.split() for p in headers.get("Content-Security-Policy", "").split(";") if p.strip()]
    return {p[0]: p[1:] for p in parts}


def marks(headers: Mapping[str, str], cookies: SimpleCookie) -> dict[str, int]:
    """What each test gives or takes."""
    csp = policy(headers)
    scripts = csp.get("script-src", csp.get("default-src", []))
    loose = (
        not csp
        or not scripts
        or any(s in ("'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:", "data:") for s in scripts)
    )
    tight = csp.get("default-src") == ["'none'"]
    hsts = headers.get("Strict-Transport-Security", "")
    age = int(
        next((p.split("=")[1] for p in hsts.replace(" ", "").split(";") if p.startswith("max-age=")), "0")
    )
    found = {
        "content-security-policy": -25 if loose else 10 if tight else 5,
        "strict-transport-security": -20 if not age else -10 if age < YEAR / 2 else 0,
        "x-content-type-options": 0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        "x-frame-options": 5
        if csp.get("frame-ancestors") == ["'none'"]
        else 0
        if headers.get("X-Frame-Options") == "DENY"
        else -20,
        "referrer-policy": 5
        if headers.get("Referrer-Policy") in ("no-referrer", "same-origin", "strict-origin")
        else 0,
        "cross-origin-resource-policy": 10
        if headers.get("Cross-Origin-Resource-Policy") in ("same-origin", "same-site")
        else 0,
        "cors": -50 if headers.get("Access-Control-Allow-Origin") == "*" and cookies else 0,
    }
    found["cookies"] = 0
    for name, cookie in cookies.items():
        if not cookie.value:  # taken back: it holds nothing
            continue
        if not cookie["secure"]:
            found["cookies"] = -40 if "session" in name.lower() else -20
        if not cookie["httponly"] and "session" in name.lower():
            found["cookies"] = min(found["cookies"], -30)
        if not cookie["samesite"]:
            found["cookies"] = min(found["cookies"], -20)
    return found


def score(headers: Mapping[str, str], cookies: SimpleCookie) -> int:
    """The sum; what gives counts only from 90 on."""
    each = marks(headers, cookies)
    base = 100 + sum(v for v in each.values() if v < 0)
    return max(0, base + sum(v for v in each.values() if v > 0)) if base >= 90 else max(0, base)


def grade(points: int) -> str:
    """The letter of a score."""
    return next((letter for least, letter in GRADES if points >= least), "F")
