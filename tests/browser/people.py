"""The installation under test and the people who sign in to it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 720, "height": 450}
"""1440 × 900 at 200 %."""
ROLES = [
    "director", "chain_office", "desk_officer", "data_officer", "statistician", "liaison", "district_officer", "park_officer",
    "enterprise", "hotline", "bank", "auditor", "system_admin",
]  # fmt: skip


@dataclass
class Town:
    """The installation under test."""

    url: str
    home: Path
    files: Path
    passwords: dict[str, str]
    env: dict[str, str]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `lianzhang …` on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "lianzhang.cli", *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )


def sign_in(
    town: Town,
    chromium: Any,
    username: str,
    complaints: list[str],
    *,
    phone: bool = False,
    language: str = "",
    dark: bool = False,
    elder: bool = False,
) -> Any:
    """The page of somebody who has just signed in, in a browser of his own; without a name: of a visitor."""
    context = chromium.new_context(
        viewport=PHONE if phone else WIDE,
        has_touch=phone,
        is_mobile=phone,
        locale="zh-CN",
        accept_downloads=True,
    )
    cookies = {
        "django_language": language,
        "lz_theme": "dark" if dark else "",
        "lz_size": "elder" if elder else "",
    }
    context.add_cookies([{"name": k, "value": v, "url": town.url} for k, v in cookies.items() if v])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda e: complaints.append(f"script error: {e}"))
    page.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
    page.goto(f"{town.url}/accounts/login/")
    if username:
        page.fill("#id_login", username)
        page.fill("#id_password", town.passwords[username])
        page.click("form.lz-form button.btn-primary")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page
