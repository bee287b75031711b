"""The frame: navigation by role, preferences, the style guide, and what no template may contain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch
from django.utils import translation

from lianzhang.kernel.jobs import views
from lianzhang.kernel.models import Job
from lianzhang.kernel.scope import ANONYMOUS, SYSTEM, Actor
from lianzhang.kernel.web import browsers, context, nav

SOURCES = Path(__file__).resolve().parents[3]
ICONS = SOURCES / "kernel" / "static" / "kernel" / "icons.svg"


def actor(*verbs: str) -> Actor:
    return Actor(
        user=SimpleNamespace(name="Chen", pk=7),
        role="desk",
        verbs={verb: frozenset({"city"}) for verb in verbs},
    )


@pytest.fixture
def empty_nav(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(nav, "_items", [])
    monkeypatch.setattr(nav, "_mine", None)


@pytest.mark.usefixtures("empty_nav")
class TestNavigation:
    def test_a_role_sees_what_it_may_open(self) -> None:
        nav.register(nav.NavItem("admin", "Guide", "web:styleguide", "settings", verb="admin.view"))
        nav.register(nav.NavItem("see", "Job", "web:styleguide_job", "activity", public=True))
        assert [g.code for g in nav.for_actor(actor())] == ["see"]
        assert [g.code for g in nav.for_actor(actor("admin.view"))] == ["see", "admin"]
        assert [g.code for g in nav.for_actor(ANONYMOUS)] == ["see"]

    def test_the_deepest_entry_is_where_one_stands(self) -> None:
        nav.register(nav.NavItem("see", "Guide", "web:styleguide", "settings", phone=True))
        nav.register(nav.NavItem("see", "Job", "web:styleguide_job", "activity", phone=True, order=10))
        path = "/styleguide/job/7"
        (group,) = nav.for_actor(actor(), path)
        assert [(link.label, link.current) for link in group.links] == [("Job", True), ("Guide", False)]
        assert [link.label for link in nav.phone_tabs(actor(), path)] == ["Job", "Guide"]

    def test_five_tabs_at_most_and_one_entry_per_name(self) -> None:
        for order in range(7):
            nav.register(
                nav.NavItem("see", str(order), "web:styleguide", "settings", order=order, phone=True)
            )
        assert [link.label for link in nav.phone_tabs(actor())] == ["6"]
        with pytest.raises(ValueError, match="'ses' is unknown"):
            nav.register(nav.NavItem("ses", "x", "web:styleguide", "x"))

    def test_an_address_that_does_not_exist_is_an_error(self) -> None:
        nav.register(nav.NavItem("see", "x", "no_such_page", "x"))
        with pytest.raises(NoReverseMatch):
            nav.for_actor(actor())

    def test_what_is_mine(self) -> None:
        nav.set_mine(lambda who: nav.Mine(12, 3, "/mine/"))
        assert nav.mine(actor()).late == 3
        assert nav.mine(ANONYMOUS) is None


def test_generated_data_are_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get("/")
    monkeypatch.setattr(context, "_demo_data", bool)
    assert context.Shell(request).has_demo_data is False
    monkeypatch.setattr(context, "_demo_data", bool)
    context.set_demo_data(lambda: True)
    assert context.Shell(request).has_demo_data is True


def test_the_frame_takes_only_known_choices() -> None:
    request = RequestFactory().get("/x?y=1")
    request.COOKIES = {"lz_size": "elder", "lz_theme": '"><script>'}
    shell = context.Shell(request)
    assert (shell.size, shell.theme, shell.nav_width, shell.path) == ("elder", "light", "wide", "/x?y=1")
    with translation.override("zh-hant"):
        assert context.Shell(request).html_lang == "zh-Hant"


@pytest.mark.django_db
class TestPages:
    def test_preferences_are_kept_and_lead_back(self, client: Client) -> None:
        answer = client.post(
            "/preferences/", {"language": "en", "size": "elder", "next": "/styleguide/?rows=1"}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/styleguide/?rows=1")
        page = client.get("/styleguide/").content.decode()
        assert '<html lang="en" data-bs-theme="light" data-size="elder"' in page
        assert (
            client.post("/preferences/", {"theme": "dark"}, headers={"X-Requested-With": "fetch"}).status_code
            == 204
        )

    def test_bad_preferences_change_nothing(self, client: Client) -> None:
        answer = client.post("/preferences/", {"size": "huge", "theme": "dark"})
        assert answer.status_code == 400
        assert "huge" in answer.content.decode()
        assert not client.cookies
        assert client.get("/preferences/").status_code == 405
        assert client.post("/preferences/", {"size": "large", "next": "//evil.example/"})["Location"] == "/"

    @pytest.mark.parametrize(
        "query", ["", "?empty", "?rows=1", "?rows=25000", "?rows=x", "?rows=99999999999999"]
    )
    def test_the_style_guide_opens(self, client: Client, query: str) -> None:
        page = client.get(f"/styleguide/{query}").content.decode()
        ids = re.findall(r'\sid="([^"]+)"', page)
        doubled = {i for i in ids if ids.count(i) > 1 and not i.startswith("id_")}
        assert not doubled
        assert "界面规范" in page

    def test_parts_of_the_style_guide(self, client: Client) -> None:
        assert "hx-get" not in client.get("/styleguide/job/").content.decode()
        assert "chain_output 1.2" in client.get("/styleguide/card/").content.decode()


@pytest.mark.django_db
class TestJobPages:
    def request(self) -> HttpRequest:
        request = RequestFactory().get("/jobs/")
        request.actor = SYSTEM
        return request

    def test_running_work_can_be_stopped_and_left(self) -> None:
        job = Job.objects.create(function="f", title="Risk <run>", state=Job.State.RUNNING)
        page = views.job_page(self.request(), job.pk).content.decode()
        assert f'hx-get="/jobs/{job.pk}/progress/"' in page
        assert f'action="/jobs/{job.pk}/cancel/"' in page
        assert "Risk &lt;run&gt;" in page
        assert "Risk &lt;run&gt;" in views.jobs(self.request()).content.decode()

    def test_failed_work_says_why_and_can_be_tried_again(self) -> None:
        job = Job.objects.create(
            function="f", title="Risk", state=Job.State.FAILED, error="Line 3: no such firm"
        )
        page = views.job_page(self.request(), job.pk).content.decode()
        assert "Line 3: no such firm" in page
        assert f'action="/jobs/{job.pk}/retry/"' in page
        assert "hx-get" not in page


def templates() -> list[Path]:
    return sorted(SOURCES.rglob("templates/**/*.html"))


def test_no_inline_scripts_styles_or_chinese_in_templates() -> None:
    """The content security policy allows neither; words of the interface stand in the message files."""
    inline = re.compile(
        r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|hx-on|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE
    )
    found = []
    for path in templates():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if inline.search(line) or re.search("[\u4e00-\u9fff]", line):
                found.append(f"{path.relative_to(SOURCES)}:{number}: {line.strip()[:100]}")
    assert templates()
    assert not found, "\n".join(found)


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', ICONS.read_text()))
    asked = {
        name: path.name for path in templates() for name in re.findall(r'{% icon "([^"]+)"', path.read_text())
    }
    assert asked
    assert not {name: where for name, where in asked.items() if name not in drawn}


def test_the_message_file_is_complete() -> None:
    from babel.messages.pofile import read_po

    with (SOURCES / "kernel" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    entries = [message for message in catalogue if message.id]
    assert entries
    assert not [m.id for m in entries if not m.string or m.fuzzy]
    known = {m.id[0] if isinstance(m.id, tuple) else m.id for m in entries}
    used: set[str] = set()
    for path in (SOURCES / "kernel" / "templates").rglob("*.html"):
        used |= set(re.findall(r"{% translate [\"']([^%]*?)[\"'](?: context '[a-z]+')? %}", path.read_text()))
    assert used
    assert not used - known


def test_modules_stay_small() -> None:
    modules = list((SOURCES / "kernel" / "static" / "kernel" / "js").glob("*.js"))
    assert modules
    assert not [m.name for m in modules if len(m.read_text().splitlines()) > 150]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36 Edg/124.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Safari/604.1", "Safari · iPhone"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_its_owner_knows_it(agent: str, words: str) -> None:
    assert browsers.browser(agent) == words
