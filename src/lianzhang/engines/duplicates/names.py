"""Names and addresses brought to one writing, so that only real differences remain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

# Longest first. "集团" stays: a group company is another firm than its subsidiary of the same brand.
FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司|股份公司|公司)$")
BRANCH = re.compile(r"(分公司|分厂|分店|分部|支公司|办事处|营业部|门市部)$")
BRACKETS = re.compile(r"[()\[\]{}〔〕【】《》<>「」]")
NOISE = re.compile(r"[\s·•.,，。、;；:：'\"“”‘’\-—–_/]+")
PROVINCE = re.compile(r"^(中国)?(广东省)?")
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

    places: names as 广州市 and 东岸区. They count with and without their last character where two characters remain.
    """

    def __init__(self, places: Iterable[str] = ()) -> None:
        known = {plain(p) for p in places if p}
        known |= {p[:-1] for p in known if len(p) > SHORTEST and p[-1] in "省市区县"}
        ordered = sorted((re.escape(p) for p in known if len(p) >= SHORTEST), key=len, reverse=True)
        self._place = "|".join(ordered) or r"(?!)"
        self._leading = re.compile(rf"^(?:{self._place}|市|区|县)+")
        self._bracketed = re.compile(rf"\((?:{self._place}|中国)\)")
        self._anywhere = re.compile(self._place)

    def whole(self, name: str) -> str:
        """The name in one writing: only width, script, brackets and blanks are evened out."""
        return BRACKETS.sub("", plain(name))

    def core(self, name: str) -> str:
        """What distinguishes the firm: without place and legal form. Empty where less than two signs remain."""
        text = self._bracketed.sub("", plain(name))
        text = self._leading.sub("", BRACKETS.sub("", PROVINCE.sub("", text)))
        if not BRANCH.search(text):
            text = FORM.sub("", text)
        return text if len(text) >= SHORTEST else ""

    def form(self, name: str) -> str:
        """The legal form at the end of the name; 有限责任公司 and 有限公司 are the same one. Empty when none stands there."""
        found = FORM.search(self.whole(name))
        return "" if found is None else found[1].replace("有限责任公司", "有限公司")

    def branch(self, name: str) -> bool:
        """Whether the name is that of a branch: another entry than its head office by law."""
        return BRANCH.search(self.whole(name)) is not None

    def address(self, address: str) -> str:
        """An address from the road on; empty without a number, as it then names a whole street."""
        text = self._anywhere.sub("", BRACKETS.sub("", plain(address)))
        text = re.sub(r"^(中国|广东省|省|市|区|县)+", "", text)
        return text if re.search(r"\d", text) and len(text) > SHORTEST else ""


def digits(phone: str) -> str:
    """A telephone number as its last eleven digits (area code and number, or a mobile); empty below seven."""
    found = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    found = found[2:] if len(found) > 11 and found.startswith("86") else found
    return found[-11:] if len(found) >= 7 else ""
