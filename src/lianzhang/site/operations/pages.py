"""Open pages of a city as its people do: `python -m lianzhang.site.operations.pages 20` prints {page: status}."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Any

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def opened(most: int) -> dict[str, int]:
    """Status of pages of the navigation, as one person a role sees them: first one of each role, then a second …"""
    from django.conf import settings
    from django.test import Client

    host, out = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost"), {}  # type: str, dict[str, int]
    rounds = zip_longest(*([(user, role, path) for path in paths] for user, role, paths in people()))
    for user, role, path in islice((entry for each in rounds for entry in each if entry), most):
        client = Client(HTTP_HOST=host)
        client.force_login(user, backend=BACKEND)
        out[f"{role} {path}"] = client.get(path, secure=True, follow=True).status_code
    return out or {
        "/accounts/login/": Client(HTTP_HOST=host).get("/accounts/login/", secure=True).status_code
    }


def people() -> Iterator[tuple[Any, str, list[str]]]:
    """(person, role, addresses of the navigation) of one active person a role."""
    from lianzhang.city.models import Membership
    from lianzhang.city.services import actor_of_user
    from lianzhang.kernel.web import nav

    seen: set[str] = set()
    for post in (
        Membership.objects.filter(user__is_active=True).select_related("user").order_by("pk").iterator()
    ):
        if post.role in seen:
            continue
        seen.add(post.role)
        groups = nav.for_actor(actor_of_user(post.user))
        yield post.user, post.role, [link.url for group in groups for link in group.links]


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(opened(int(sys.argv[1])), ensure_ascii=False))
