"""Names and addresses brought to one writing, so that only real differences remain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

WORDS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "words.yaml").read_text(encoding="utf-8")
)
# Longest first. A group company keeps its word: it is another firm than its subsidiary of the same brand.
FORM, BRANCH, BRACKETS, NOISE, COUNTRY, ADDRESS_HEAD = (
    re.compile(WORDS[name]) for name in ("form", "branch", "brackets", "noise", "country", "address_head")
)
SHORTEST = 2


@cache
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=4096)
def _simplified(sign: str) -> str:
    return str(_simplifier().convert(sign))


def plain(text: str) -> str:
    """Half width, simplified, lower case, without blanks and stops; brackets stay, all of one kind."""
    folded = unicodedata.normalize("NFKC", text)
    if not folded.isascii():
        folded = "".join(s if s.isascii() else _simplified(s) for s in folded)
    return NOISE.sub("", folded).lower()


class Names:
    """Names of one city: its own names and those of its districts say where a firm is, not which one it is.

    places: names of the city and its districts. They count with and without their last character where two characters remain.
    """

    def __init__(self, places: Iterable[str] = ()) -> None:
        known = {plain(p) for p in places if p}
        known |= {p[:-1] for p in known if len(p) > SHORTEST and p[-1] in WORDS["levels"]}
        ordered = sorted((re.escape(p) for p in known if len(p) >= SHORTEST), key=len, reverse=True)
        self._place = "|".join(ordered) or r"(?!)"
        self._leading = re.compile(rf"^(?:{self._place}|{WORDS['level_alone']})+")
        self._bracketed = re.compile(rf"\((?:{self._place}|{WORDS['bracketed_country']})\)")
        self._anywhere = re.compile(self._place)

    def whole(self, name: str) -> str:
        """The name in one writing: only width, script, brackets and blanks are evened out."""
        return BRACKETS.sub("", plain(name))

    def core(self, name: str) -> str:
        """What distinguishes the firm: without place and legal form. Empty where less than two signs remain."""
        text = self._bracketed.sub("", plain(name))
        text = self._leading.sub("", BRACKETS.sub("", COUNTRY.sub("", text)))
        if not BRANCH.search(text):
            text = FORM.sub("", text)
        return text if len(text) >= SHORTEST else ""

    def form(self, name: str) -> str:
        """The legal form at the end of the name, in its short writing. Empty when none stands there."""
        found = FORM.search(self.whole(name))
        return "" if found is None else WORDS["same_form"].get(found[1], found[1])

    def branch(self, name: str) -> bool:
        """Whether the name is that of a branch: another entry than its head office by law."""
        return BRANCH.search(self.whole(name)) is not None

    def address(self, address: str) -> str:
        """An address from the road on; empty without a number, as it then names a whole street."""
        text = self._anywhere.sub("", BRACKETS.sub("", plain(address)))
        text = ADDRESS_HEAD.sub("", text)
        return text if re.search(r"\d", text) and len(text) > SHORTEST else ""


def digits(phone: str) -> str:
    """A telephone number as its last eleven digits (area code and number, or a mobile); empty below seven."""
    found = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    found = found[2:] if len(found) > 11 and found.startswith("86") else found
    return found[-11:] if len(found) >= 7 else ""
