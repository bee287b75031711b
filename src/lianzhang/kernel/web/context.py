"""What every page's frame needs: navigation, who acts, the clock, language, type size, theme."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from lianzhang.kernel import readonly, time
from lianzhang.kernel.accounts.sessions import page_seconds
from lianzhang.kernel.scope import ANONYMOUS, Actor
from lianzhang.kernel.web import nav, prefs
from lianzhang.kernel.web.nav import Group, Link, Mine, for_actor, mine, phone_tabs

HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


_demo_data: Callable[[], bool] = bool


def set_demo_data(provider: Callable[[], bool]) -> None:
    """The registry tells whether generated data are loaded; the frame then says so on every page."""
    global _demo_data
    _demo_data = provider


class Shell:
    """The frame's facts, each computed when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: Actor = getattr(request, "actor", None) or ANONYMOUS
        self.language = get_language() or settings.LANGUAGE_CODE
        self.html_lang = HTML_LANG.get(self.language, self.language)
        # Each language is named in itself, so that one finds it in a page one cannot read.
        self.languages = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
        self.size = prefs.chosen(request, "size")
        self.is_elder = self.size.startswith("elder")
        self.theme = prefs.chosen(request, "theme")
        self.nav_width = prefs.chosen(request, "nav")
        self.keys = prefs.chosen(request, "keys")
        self.sizes = prefs.CHOICES["size"]
        self.path = request.get_full_path()

    @cached_property
    def nav(self) -> list[Group]:
        """Navigation groups of the actor."""
        return for_actor(self.actor, self._request.path)

    @cached_property
    def nav_key(self) -> str:
        """What the navigation depends on: it is put together once for all who have the same."""
        return f"{self.language} {nav.key(self.actor, self._request.path)}"

    @cached_property
    def phone_tabs(self) -> list[Link]:
        """The phone bar's entries."""
        return phone_tabs(self.actor, self._request.path)

    @cached_property
    def mine(self) -> Mine | None:
        """The person's open matters."""
        return mine(self.actor)

    @cached_property
    def session_left(self) -> int:
        """Seconds after which the page asks whether the session still lives; 0 for visitors."""
        rules = getattr(self._request, "rules", None)
        return page_seconds(self._request, rules) if rules else 0

    @cached_property
    def now(self) -> Any:
        """The program's present instant in the city's zone."""
        return time.now().astimezone(time.zone())

    @cached_property
    def has_demo_data(self) -> bool:
        """Whether generated data are loaded."""
        return _demo_data()

    @cached_property
    def read_only(self) -> readonly.Mode | None:
        """Why nothing can be changed just now; None in ordinary work."""
        return readonly.mode()

    @cached_property
    def is_demo_clock(self) -> bool:
        """Whether the head shows a demonstration date."""
        return time.is_demo_clock()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` and `actor`."""
    frame = Shell(request)
    return {"shell": frame, "actor": frame.actor}
