"""Every route says who may open it; a route that says nothing fails the build (and is closed when served)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Access:
    """public: anybody; signed_in: any account; otherwise the verb a role needs."""

    public: bool = False
    verb: str | None = None


PUBLIC, SIGNED_IN = Access(public=True), Access()

# Views of libraries, by route name.
LIBRARY_ROUTES: dict[str, Access] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "mfa_authenticate": PUBLIC,  # the second step of a sign-in: nobody is signed in yet
    "mfa_login_webauthn": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
}


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Anybody may open the view; its queries still start at `visible_to`."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Any signed-in person may open the view; what it shows is filtered by scope."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def needs(verb: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only roles with the verb may open the view; for others it does not exist."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.access = Access(verb=verb)  # type: ignore[attr-defined]
        return view

    return mark


def access_of(pattern_name: str | None, callback: Callable[..., Any]) -> Access | None:
    """The classification of a route; None: nobody classified it."""
    found = getattr(callback, "access", None) or getattr(
        getattr(callback, "view_class", None), "access", None
    )
    return found or LIBRARY_ROUTES.get(pattern_name or "")


def all_routes() -> Iterator[tuple[str, str | None, Callable[..., Any]]]:
    """(path pattern, qualified name, view) of every route of the program."""

    def walk(
        patterns: list[Any], prefix: str, namespaces: list[str]
    ) -> Iterator[tuple[str, str | None, Any]]:
        for item in patterns:
            path = prefix + str(item.pattern)
            if isinstance(item, URLResolver):
                spaces = [*namespaces, item.namespace] if item.namespace else namespaces
                yield from walk(item.url_patterns, path, spaces)
            elif isinstance(item, URLPattern):
                name = ":".join([*namespaces, item.name]) if item.name else None
                yield path, name, item.callback

    yield from walk(get_resolver().url_patterns, "", [])
