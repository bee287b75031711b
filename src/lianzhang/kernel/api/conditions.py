"""Optimistic writes: the ETag is the version of what one has seen, If-Match says it back (RFC 9110, 13.1.1)."""

from __future__ import annotations

import re

from django.http import HttpRequest

from lianzhang.kernel.api.problems import Problem

_TAG = re.compile(r'"(\d{1,12})"', re.ASCII)
#: What no version ever is: an If-Match that names none of ours is stale.
NEVER = -1


def etag(version: int) -> str:
    """The version as an entity tag."""
    return f'"{version}"'


def seen_version(request: HttpRequest, current: int) -> int:
    """The version in If-Match: `"7"`, a list that names the current one, or `*` for whichever there is.

    Raises Problem 428 without the header. A tag that is not ours (weak ones never match) gives NEVER.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise Problem(428)
    if header == "*":
        return current
    strong = [tag.strip() for tag in header.split(",") if not tag.strip().startswith("W/")]
    found = [int(match[1]) for tag in strong if (match := _TAG.fullmatch(tag))]
    if current in found:
        return current
    return max(found, default=NEVER)
