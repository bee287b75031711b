"""Take the pictures of README and tours anew: `make pictures`, from the demonstration city that `make run` prepared; by
name (`python tools/pictures.py bank`) only those.

Serves that city on a port of its own, signs in as each role and writes docs/images/*.png: what a reader sees is what the
program showed on that day.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from serving import until_up

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


class Shot(NamedTuple):
    """One picture: file, role, address, and the links to follow from there (CSS, the first that fits)."""

    name: str
    role: str
    path: str
    follow: tuple[str, ...] = ()
    phone: bool = False


ROW = "main .lz-table tbody th a"
SHOTS = (
    Shot("cockpit", "chain_office", "/"),
    Shot("chain", "chain_office", "/chains/", ("main .lz-table tbody a",)),
    Shot("what-if", "chain_office", "/what-if/", ("aside a[href^='/what-if/']",)),
    Shot("situation", "chain_office", "/situations/", (ROW,)),
    Shot("report", "director", "/situations/reports/", ("main a[href*='/report/2']",)),
    Shot("enterprise", "enterprise", "/", phone=True),
    Shot("liaison", "liaison", "/matters/", (ROW,), phone=True),
    Shot("desk", "desk_officer", "/matters/"),
    Shot("deliveries", "data_officer", "/imports/"),
    Shot("indicators", "statistician", "/indicators/"),
    Shot("district", "district_officer", "/enterprises/"),
    Shot("park", "park_officer", "/enterprises/", (ROW,), phone=True),
    Shot("hotline", "hotline", "/"),
    Shot("bank", "bank", "/chains/"),
    Shot("unit-admin", "unit_admin", "/people/"),
    Shot("enterprise-admin", "enterprise_admin", "/"),
    Shot("auditor", "auditor", "/"),
    Shot("system-admin", "system_admin", "/"),
    Shot("security-admin", "security_admin", "/"),
)


def main() -> int:
    """Serve, take every picture, stop; exit 1 where a page could not be reached."""
    home = Path(os.environ.get("LIANZHANG_HOME", ROOT / "var" / "guangzhou"))
    chromium = shutil.which("chromium")
    if not (home / "ready").exists() or chromium is None:
        print("pictures: `make run` once, and install chromium and fonts-noto-cjk", file=sys.stderr)
        return 1
    env = os.environ | {
        "LIANZHANG_HOME": str(home),
        "LIANZHANG_CITY": (home / "ready").read_text(),
        "LIANZHANG_DEBUG": "1",
    }
    passwords = _passwords(env)
    sys.path.insert(0, str(ROOT / "src"))
    from lianzhang.site.commands.up import free_port

    port = free_port(8900)
    server = subprocess.Popen(
        [sys.executable, "-m", "lianzhang.cli", "serve", "--port", str(port), "--workers", "1"], env=env
    )
    try:
        return _take(f"http://127.0.0.1:{port}", passwords, chromium)
    finally:
        server.terminate()
        server.wait(timeout=15)


def _passwords(env: dict[str, str]) -> dict[str, str]:
    import json

    done = subprocess.run(
        [sys.executable, "-m", "lianzhang.cli", "demo", "accounts", "--json"],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    return {row["username"]: row["password"] for row in json.loads(done.stdout)}


def _take(url: str, passwords: dict[str, str], chromium: str) -> int:
    from playwright.sync_api import sync_playwright

    until_up(url)
    failed = 0
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for shot in (s for s in SHOTS if not sys.argv[1:] or s.name in sys.argv[1:]):
            page = _signed_in(browser, url, shot, passwords)
            if _reach(page, url, shot):
                page.screenshot(path=str(IMAGES / f"{shot.name}.png"))
            else:
                failed += 1
                print(f"pictures: {shot.name}: {shot.path} leads nowhere for {shot.role}", file=sys.stderr)
            page.context.close()
        browser.close()
    return 1 if failed else 0


def _signed_in(browser: Any, url: str, shot: Shot, passwords: dict[str, str]) -> Any:
    context = browser.new_context(
        viewport=PHONE if shot.phone else WIDE, locale="zh-CN", reduced_motion="reduce", device_scale_factor=1,
        is_mobile=shot.phone, has_touch=shot.phone,
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{url}/accounts/login/")
    page.fill("#id_login", shot.role)
    page.fill("#id_password", passwords[shot.role])
    page.click("form.lz-form button.btn-primary")
    page.wait_for_url(lambda address: "/accounts/login" not in address)
    return page


def _reach(page: Any, url: str, shot: Shot) -> bool:
    answer = page.goto(url + shot.path)
    if answer is None or answer.status != 200:
        return False
    for link in shot.follow:
        found = page.locator(link)
        if not found.count():
            return False
        found.first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_load_state("networkidle")
    return bool(page.locator("h1").count())


if __name__ == "__main__":
    sys.exit(main())
