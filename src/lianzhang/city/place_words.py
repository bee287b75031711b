"""Words that anybody who knows the place would try first: they count for nothing in a password.

OWASP ASVS 5.0, 6.1.2 and 6.2.11: words of the context, written down, and refused. Which words: names of the city and its
districts in both languages, and of this program.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lianzhang.city.models import Area
from lianzhang.kernel.accounts import policy

SHORTEST = 2


@cache
def _of_the_program() -> tuple[str, ...]:
    return tuple((Path(__file__).parent / "data" / "program_words.txt").read_text(encoding="utf-8").split())


def words() -> list[str]:
    """In small letters without spaces; Chinese names also without the kind of place they end with. The longest first, so
    that a name within another does not break it."""
    found = set(_of_the_program())
    for zh, en in Area.objects.filter(level__in=("city", "district")).values_list("zh", "en"):
        found |= {zh, zh[:-1], re.sub(r"\W", "", en.lower())}
    return sorted((w for w in found if len(w) >= SHORTEST), key=lambda w: (-len(w), w))


class PlaceWords:
    """The password has to be long enough without them: `guangzhou2026` has four characters left."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        rest = password.lower()
        for word in words():
            rest = rest.replace(word, "")
        least = policy.in_force().passwords.min_length
        if len(rest) < least <= len(password):
            raise ValidationError(
                _("Names of the city, its districts and this program count for nothing: without them at least %(n)s characters are needed.")
                % {"n": least}
            )  # fmt: skip

    def get_help_text(self) -> str:
        """In a sentence."""
        return _("Names of the city, its districts and this program do not count.")
