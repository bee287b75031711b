"""Under what a name is kept: pairs of characters, pairs of syllables, runs of three initials, pairs of a road.

Pairs find any part of a Chinese name and stay comparable when a character is mistyped (overlap of q-grams: Ukkonen,
"Approximate string-matching with q-grams and maximal matches", 1992). The first characters, the brand, are also paired
over one between them: a brand of three characters with a wrong, missing or swapped one keeps no other pair. Syllables
find a name by its sound, spelled in letters or written with another character. Pure: no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise, product
from typing import NamedTuple

from lianzhang.registry.names.forms import core, folded, plain, without_form, without_place
from lianzhang.registry.names.sounds import readings, spelled

RUN = 3
BRAND = 5
PAIR, GAP, SOUND, INITIALS, ROAD = "c", "g", "s", "i", "r"
"""First letter of a token: which kind it is."""


class Said(NamedTuple):
    """Tokens of what was typed: all of `exact` stand in a name that holds it, some of `near` in one that resembles it."""

    exact: tuple[str, ...]
    near: tuple[str, ...]


def of_names(names: Iterable[str], road: str, places: Sequence[str]) -> list[str]:
    """All tokens under which an enterprise is found: of its names, present and former, and of its road."""
    out: set[str] = set()
    for name in names:
        text = core(name, places)
        out.update(_pairs(PAIR, text), _gaps(GAP, text[:BRAND]), _sounds(text), _runs(initials(text)))
        out.update(_across(name, text, places))
    out.update(_pairs(ROAD, road))
    return sorted(out)


def of_query(text: str, places: Sequence[str]) -> tuple[Said, ...]:
    """What may have been meant: a part of a name, its sound in letters, its initials, a road. Empty for one character."""
    whole = plain(text)
    if whole.isascii():
        return _of_letters(text, whole, places)
    typed = core(text, places) if len(whole) > 3 else without_place(whole, places)
    pairs, sounds = _pairs(PAIR, typed), _sounds(typed)
    slips = (*_pairs(GAP, typed), *_gaps(PAIR, typed), *_gaps(GAP, typed[: BRAND + 1]))
    said = (Said(pairs, (*pairs, *sounds, *slips)), Said(_pairs(ROAD, whole), ()))
    return tuple(each for each in said if each.exact)


def _of_letters(text: str, whole: str, places: Sequence[str]) -> tuple[Said, ...]:
    out = []
    for spoken in spelled("".join(c for c in folded(text) if c.isalnum() or c in " '")):
        rest = _without_spoken_place(spoken, places)
        pairs = tuple(dict.fromkeys(f"{SOUND}{a}0{b}" for a, b in pairwise(rest)))
        out.append(Said(pairs, pairs))
    runs = tuple(dict.fromkeys(_runs(whole)))
    out.append(Said(runs, runs))
    return tuple(said for said in out if said.exact)


def _without_spoken_place(spoken: tuple[str, ...], places: Sequence[str]) -> tuple[str, ...]:
    for place in places:
        said = [readings(c) for c in place]
        if len(spoken) > len(said) + 1 and all(a in b for a, b in zip(spoken, said, strict=False)):
            return spoken[len(said) :]
    return spoken


def _pairs(kind: str, text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind + a + b for a, b in pairwise(text)))


def _gaps(kind: str, text: str) -> tuple[str, ...]:
    """Pairs over one character between them."""
    return tuple(dict.fromkeys(kind + a + b for a, b in zip(text, text[2:], strict=False)))


def _sounds(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(map(_spoken, text, text[1:]))))


@lru_cache(maxsize=50_000)
def _spoken(left: str, right: str) -> tuple[str, ...]:
    """The tokens of two characters side by side, in all their readings."""
    return tuple(f"{SOUND}{a}0{b}" for a, b in product(readings(left), readings(right)))


def _runs(line: str) -> Iterable[str]:
    return (INITIALS + line[i : i + RUN] for i in range(len(line) - RUN + 1))


def initials(text: str) -> str:
    """The first letter of each character's usual reading."""
    return "".join(map(_initial, text))


@lru_cache(maxsize=50_000)
def _initial(character: str) -> str:
    said = readings(character)
    return said[0][0] if said else ""


def _across(name: str, text: str, places: Sequence[str]) -> Iterable[str]:
    """Initials from the place before a name into it: names are typed with their place as often as without."""
    whole = without_form(plain(name))
    if whole == text or not whole.endswith(text):
        return ()
    before = initials(whole.removesuffix(text))[1 - RUN :]
    return _runs(before + initials(text)[: RUN - 1])


def likeness(typed: str, name: str, places: Sequence[str]) -> float:
    """How alike what was typed and a name are, 0 to 1: the share of the pairs of characters typed that the name has, where
    one that only sounds so, is turned round, or stands apart or together by one character counts four fifths."""
    wanted, text = core(typed, places), core(name, places)
    if wanted.isascii():
        held = {*_sounds(text), *_runs(initials(text)), *_across(name, text, places)}
        said = of_query(typed, places)
        return max((sum(t in held for t in each.exact) / len(each.exact) for each in said), default=0.0)
    pairs, sounds = set(_pairs("", text)), set(_sounds(text))
    loose = {*_gaps("", text), *(b + a for a, b in pairwise(text))}
    score = 0.8 * len(pairs.intersection(_gaps("", wanted)))
    for a, b in pairwise(wanted):
        if a + b in pairs:
            score += 1
        elif a + b in loose or any(s in sounds for s in _sounds(a + b)):
            score += 0.8
    return min(1.0, score / max(1, len(wanted) - 1))
