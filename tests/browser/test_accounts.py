"""Accounts in the browser: a code on paper, an app, a passkey, a colleague who stands in, the end of a session."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from browser.helpers import axe, overflow
from browser.people import PHONE, WIDE, Town

PASSWORD = "battery staple 9"


def open_page(chromium: Any, url: str, phone: bool = False) -> Any:
    context = chromium.new_context(viewport=PHONE if phone else WIDE, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(url)
    return page


def enter(page: Any, url: str, name: str, password: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", password)
    page.click("form[action$='/accounts/login/'] button.btn-primary")


def new_person(town: Town, person: Callable[..., Any], username: str, shot: Callable[..., None]) -> str:
    """Make an account on the page; the code on its sheet."""
    page = person("system_admin")
    page.goto(f"{town.url}/people/new/")
    page.fill("#id_username", username)
    page.fill("#id_name", "王小明")
    page.select_option("#id_role", "desk_officer")
    page.select_option("#id_organisation", "gxj-equipment")
    assert axe(page) == []
    page.click("main form button.btn-primary")
    code = page.inner_text(".lz-code")
    assert axe(page) == []
    shot(page, "sheet")
    return str(code)


def choose_password(page: Any, url: str, username: str, code: str) -> None:
    page.goto(f"{url}/accounts/code/")
    page.fill("#id_username", username)
    page.fill("#id_code", code)
    page.fill("#id_password1", PASSWORD)
    page.fill("#id_password2", PASSWORD)
    page.click("form.lz-form button.btn-primary")
    page.wait_for_url(re.compile("/accounts/login/"))


def app_code(secret: str, shift: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))


def test_from_the_sheet_of_paper_to_the_app_on_the_phone(
    town: Town, chromium: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    code = new_person(town, person, "20230417", shot)
    page = open_page(chromium, town.url, phone=True)
    page.goto(f"{town.url}/accounts/code/")
    assert axe(page) == []
    assert overflow(page) <= 0
    shot(page, "code")
    choose_password(page, town.url, "20230417", code)
    enter(page, town.url, "20230417", PASSWORD)
    page.goto(f"{town.url}/accounts/factors/")
    assert axe(page) == []
    shot(page, "factors")
    page.click("a[href$='/totp/activate/']")
    secret = page.inner_text("#totp-key").replace(" ", "")
    assert axe(page) == []
    assert overflow(page) <= 0
    shot(page, "app")
    page.fill("#id_code", app_code(secret))
    page.click("form.lz-form button.btn-primary")
    page.wait_for_url(re.compile("recovery-codes"))
    recovery = page.locator(".lz-codes code").all_inner_texts()
    assert len(recovery) == 10
    shot(page, "recovery")
    page.context.clear_cookies()
    enter(page, town.url, "20230417", PASSWORD)
    page.wait_for_url(re.compile("/factors/authenticate/"))
    assert axe(page) == []
    shot(page, "second")
    page.fill("#id_code", app_code(secret))  # the code that set the app up, or one of its time
    page.click("form.lz-form button.btn-primary")
    assert page.locator(".lz-error").count()
    page.fill("#id_code", recovery[0])
    page.click("form.lz-form button.btn-primary")
    page.wait_for_url(f"{town.url}/")
    assert "上次登录" in page.inner_text("#lz-notices")
    page.context.close()


def test_a_passkey_signs_in_without_a_password(
    town: Town, chromium: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    code = new_person(town, person, "20230418", shot)
    here = town.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, not to an address
    page = open_page(chromium, here)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    device.send(
        "WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}}
    )
    choose_password(page, here, "20230418", code)
    enter(page, here, "20230418", PASSWORD)
    page.goto(f"{here}/accounts/factors/webauthn/add/")
    assert axe(page) == []
    page.check("[name=passwordless]")
    shot(page, "add")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(re.compile("recovery-codes"))
    page.goto(f"{here}/accounts/factors/webauthn/")
    assert page.locator("tbody tr").count() == 1
    assert axe(page) == []
    shot(page, "list")
    page.context.clear_cookies()
    page.goto(f"{here}/accounts/login/")
    assert axe(page) == []
    shot(page, "login")
    page.click("#passkey_login")
    page.wait_for_url(f"{here}/")
    assert "王小明" in page.inner_text(".lz-top")
    page.context.clear_cookies()
    enter(page, here, "20230418", PASSWORD)
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(f"{here}/")
    page.context.close()


def test_a_colleague_stands_in(
    town: Town, chromium: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    admin, director = person("system_admin"), person("director")
    admin.goto(f"{town.url}/people/?q=director")
    admin.click("tbody th a")
    unit = admin.locator("tbody tr").first.locator("td").nth(1).inner_text()
    admin.goto(f"{town.url}/people/?q=unit_admin")
    admin.click("tbody th a")
    assert unit in admin.inner_text("tbody")
    director.goto(f"{town.url}/accounts/standing-in/")
    assert axe(director) == []
    director.select_option("#id_to", index=1)
    name = director.locator("#id_to option:checked").inner_text()
    day = director.input_value("#id_since")
    director.fill("#id_until", day)
    director.fill("#id_reason", "出差三天")
    shot(director, "lend")
    director.click("main form.lz-form button.btn-primary")
    assert name in director.inner_text("main table")
    assert axe(director) == []
    usernames = {
        "管青": "unit_admin",
        "安知微": "security_admin",
        "严守正": "auditor",
        "沈嘉禾": "statistician",
        "许可欣": "hotline",
    }
    colleague = person(usernames[name])
    colleague.click(".lz-top details.lz-menu summary[aria-label*='" + name + "']")
    choice = colleague.locator("form[action$='/accounts/post/'] button", has_text="代")
    shot(colleague, "menu")
    choice.click()
    colleague.wait_for_url(f"{town.url}/")
    assert "代周启明办理" in colleague.inner_text(".lz-top")
    colleague.goto(f"{town.url}/enterprises/")
    assert colleague.locator("main table").count() == 1
    director.click("main table form button")
    colleague.goto(f"{town.url}/")
    assert "代周启明办理" not in colleague.inner_text(".lz-top")


def test_pages_of_the_administrators(
    town: Town, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    for name, pages in (
        ("system_admin", ("people/", "people/new/many/")),
        (
            "security_admin",
            ("people/waiting/", "people/agreements/", "contacts/", "accounts/rules/", "log/sign-ins/"),
        ),
        ("auditor", ("log/", "log/sign-ins/", "people/?state=open")),
        ("enterprise_admin", ("accounts/agents/",)),
    ):
        for phone in (False, True):
            page = person(name, phone=phone)
            for where in pages:
                page.goto(f"{town.url}/{where}")
                assert axe(page) == [], (name, where)
                assert overflow(page) <= 0, (name, where)
                shot(page, f"{name}-{where.replace('/', '-').split('?')[0]}{'phone' if phone else 'wide'}")
    page = person("system_admin")
    page.goto(f"{town.url}/people/?q=desk_officer")
    page.click("tbody th a")
    assert axe(page) == []
    shot(page, "person")


def test_before_a_session_ends_it_is_said(
    town: Town, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    page = person("director")
    page.route(
        "**/accounts/alive/", lambda r: r.fulfill(json={"left": 90 if r.request.method == "GET" else 7200})
    )
    page.evaluate("document.body.dataset.left = '1'")
    page.evaluate("import('/static/kernel/js/session.js').then((m) => m.startSession())")
    page.wait_for_selector("#lz-session[open]")
    assert axe(page) == []
    shot(page, "warn")
    page.click("[data-stay]")
    page.wait_for_selector("#lz-session:not([open])", state="attached")


def test_a_list_goes_on_with_a_colleague_when_who_kept_it_is_gone(
    town: Town, chromium: Any, person: Callable[..., Any], shot: Callable[..., None]
) -> None:
    first, second = ("20230431", "20230432")
    pages = {}
    for username in (first, second):
        page = pages[username] = open_page(chromium, town.url, phone=username == second)
        choose_password(page, town.url, username, new_person(town, person, username, shot))
        enter(page, town.url, username, PASSWORD)
        page.wait_for_url(f"{town.url}/")
    keeper, colleague = pages[first], pages[second]
    keeper.goto(f"{town.url}/enterprises/?sort=name")
    keeper.locator("main tbody input[name=selected]").first.check()
    keeper.locator("[data-bulk] button[formaction$='/lists/choose/']").click()
    keeper.locator("main form button.btn-primary").click()
    keeper.fill("#id_name", "专班走访")
    keeper.fill("#id_purpose", "每季一访")
    keeper.select_option("#id_share", "office")
    keeper.locator("main form button.btn-primary").click()
    keeper.wait_for_url(re.compile(r"/lists/\d+/$"))
    where, take = keeper.url, "main form[action$='/take-over/'] button"
    colleague.goto(where)
    assert colleague.locator(take).count() == 0, "who kept it is still here"
    admin = person("system_admin")
    admin.goto(f"{town.url}/people/?q={first}")
    admin.click("tbody th a")
    close = admin.locator("dialog", has=admin.locator("form[action$='/close/']"))
    admin.click(f"[data-open='{close.get_attribute('id')}']")
    close.locator("[name=note]").fill("调离")
    close.locator("button.btn-primary").click()
    admin.wait_for_load_state("networkidle")
    colleague.goto(where)
    assert axe(colleague) == []
    assert overflow(colleague) <= 0
    shot(colleague, "card")
    colleague.click(take)
    colleague.wait_for_url(where)
    assert colleague.locator(take).count() == 0
    colleague.locator("main tbody input[name=selected]").first.check()
    colleague.locator("[data-bulk] button[formaction$='/remove/']").click()
    colleague.wait_for_url(where)
    assert colleague.locator("main tbody tr").count() == 0, "it is theirs to change now"
    for page in pages.values():
        page.context.close()
