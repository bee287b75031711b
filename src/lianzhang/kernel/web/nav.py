"""The navigation is the loop: see, judge, act, account. Apps register what they offer; a role sees what it may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from lianzhang.kernel.paths import path_of
from lianzhang.kernel.scope import ANONYMOUS, Actor

GROUPS: dict[str, Any] = {
    "see": pgettext_lazy("navigation", "See"),
    "judge": pgettext_lazy("navigation", "Judge"),
    "act": pgettext_lazy("navigation", "Act"),
    "account": pgettext_lazy("navigation", "Account"),
    "admin": gettext_lazy("Administration"),
}
PHONE_TABS = 5


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation.

    group: see, judge, act, account or admin. verb: what a role must be able to do; None: every signed-in person.
    public: also shown to anonymous visitors. phone: a candidate for the five tabs of the phone bar, in `order`.
    """

    group: str
    label: Any
    url_name: str
    icon: str
    verb: str | None = None
    order: int = 50
    phone: bool = False
    public: bool = False

    def open_to(self, actor: Actor) -> bool:
        """Whether the entry is offered to this actor."""
        if actor.is_anonymous:
            return self.public
        return self.verb is None or actor.can(self.verb)


@dataclass(frozen=True)
class Link:
    """An entry ready to be shown."""

    label: Any
    url: str
    icon: str
    current: bool = False


@dataclass(frozen=True)
class Group:
    """A group of entries; `links` is never empty."""

    code: str
    label: Any
    links: list[Link]
    current: bool


@dataclass(frozen=True)
class Mine:
    """What waits for this person: how many matters, how many of them late, and where they are listed."""

    count: int
    late: int
    url: str


_items: list[NavItem] = []
_mine: Callable[[Actor], Mine | None] | None = None


def register(item: NavItem) -> None:
    """Offer an entry; registering the same url name again replaces the entry."""
    if item.group not in GROUPS:
        raise ValueError(f"navigation group '{item.group}' is unknown, expected one of {', '.join(GROUPS)}")
    _items[:] = [other for other in _items if other.url_name != item.url_name]
    _items.append(item)


def set_mine(provider: Callable[[Actor], Mine | None]) -> None:
    """Casework tells how many open matters an actor has."""
    global _mine
    _mine = provider


def mine(actor: Actor) -> Mine | None:
    """What waits for the actor; None for visitors and while nobody provides it."""
    return None if _mine is None or actor.is_anonymous else _mine(actor)


def key(actor: Actor | None, path: str = "") -> str:
    """What the navigation depends on besides the language: the entries offered, and the one one stands in."""
    offered = [item.url_name for item in _offered(actor or ANONYMOUS)]
    return " ".join([_standing([path_of(name) for name in offered], path) or "-", *offered])


def for_actor(actor: Actor | None, path: str = "") -> list[Group]:
    """The groups with the entries this actor may open, in order; `path` marks the entry one stands in."""
    actor = actor or ANONYMOUS
    offered = _offered(actor)
    urls = {item.url_name: path_of(item.url_name) for item in offered}
    here = _standing(list(urls.values()), path)
    groups = []
    for code, label in GROUPS.items():
        links = [
            Link(item.label, urls[item.url_name], item.icon, urls[item.url_name] == here)
            for item in offered
            if item.group == code
        ]
        if links:
            groups.append(Group(code, label, links, any(link.current for link in links)))
    return groups


def phone_tabs(actor: Actor | None, path: str = "") -> list[Link]:
    """At most five entries for the phone bar; the rest stands behind "more"."""
    actor = actor or ANONYMOUS
    offered = [item for item in sorted(_offered(actor), key=lambda i: i.order) if item.phone][:PHONE_TABS]
    urls = [path_of(item.url_name) for item in offered]
    here = _standing(urls, path)
    return [Link(item.label, url, item.icon, url == here) for item, url in zip(offered, urls, strict=True)]


def _offered(actor: Actor) -> list[NavItem]:
    return sorted(
        (item for item in _items if item.open_to(actor)), key=lambda item: (item.order, item.url_name)
    )


def _standing(urls: list[str], path: str) -> str | None:
    """The longest entry address that the path lies under; the root only by itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default=None)
