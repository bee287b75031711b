"""Which header text means which field: codes, labels, synonyms, and likeness for suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from .columnmap import ColumnChoice, SheetMap
from .headers import header_text, read_header
from .lexicon import words
from .model import FieldSpec, TableSpec
from .text import key, letter

_ORDINALS = words("ordinal_headers")
_EMPTY = words("empty_leaves")
_OWN_COLUMNS = frozenset({"_sheet", "_row", "_reason"})
_LIKE_ENOUGH = 0.5


class Vocabulary:
    """Looks up header texts for one data set, a person's decisions for the sheet first."""

    def __init__(self, spec: TableSpec, decisions: SheetMap | None = None) -> None:
        self._words: dict[str, str] = {}
        for field in spec.fields:
            for word in (field.code, field.label, *field.synonyms):
                for name in read_header(word).keys if word else ():
                    self._words.setdefault(name, field.code)
        self._codes = {key(f.code) for f in spec.fields}
        self._asked = tuple(decisions.columns) if decisions else ()
        self._choices = {
            key(name): choice for name, choice in (decisions.columns if decisions else {}).items()
        }

    def is_code(self, text: str) -> bool:
        """Whether a header is a field's own code, which means stored units."""
        return key(text) in self._codes

    def ignored(self, path: Sequence[str]) -> bool:
        """Running numbers and the columns of a file of rejected rows carry no facts."""
        return bool(path) and key(path[-1]) in _ORDINALS | _OWN_COLUMNS

    def choice(self, path: Sequence[str], place: str) -> ColumnChoice | None:
        """The decision a person took for a column, by header, joined header or letter."""
        if not self._choices:
            return None
        return next((self._choices[n] for n in _names(path, place) if n in self._choices), None)

    def unused(self, paths: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """Columns a person decided about that are none of these."""
        there = {name for i, path in enumerate(paths) for name in _names(path, letter(i))}
        return tuple(name for name in self._asked if key(name) not in there)

    def match(self, path: Sequence[str]) -> str | None:
        """Field of a header path (group cells first, leaf last): the fullest name that is known wins."""
        names = [read_header(part).keys for part in path]
        plain = [n[-1] if n else "" for n in names]
        candidates = ["".join(plain[i:]) for i in range(len(plain))]
        if names:
            candidates[-1:] = names[-1] or [""]
        # A leaf that is only a unit or a year leaves the name to the cell above it.
        if len(path) > 1 and (not plain[-1] or plain[-1] in _EMPTY or names[-1][0] in _EMPTY):
            candidates += names[-2]
        return next((self._words[c] for c in candidates if c in self._words), None)

    def bears_name(self, path: Sequence[str], spec: FieldSpec) -> bool:
        """Whether the lowest text of a path is the field's own name or code, not only a word for it."""
        own = {key(word) for word in (spec.code, spec.label) if word}
        while len(path) > 1 and key(path[-1]) in _EMPTY:
            path = path[:-1]
        return bool(path) and not own.isdisjoint(read_header(path[-1]).keys)

    def known(self, path: Sequence[str]) -> bool:
        """Whether a header path means anything here."""
        return self.match(path) is not None or self.choice(path, "") is not None

    def suggest(self, path: Sequence[str], limit: int = 3) -> tuple[tuple[str, float], ...]:
        """Fields whose words are most alike, with a likeness from 0 to 1."""
        names = read_header(header_text(path)).keys
        if not names:
            return ()
        best: dict[str, float] = {}
        for word, field in self._words.items():
            score = _likeness(names[-1], word)
            if score >= _LIKE_ENOUGH and score > best.get(field, 0.0):
                best[field] = score
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return tuple((field, round(score, 2)) for field, score in ranked)


def _names(path: Sequence[str], place: str) -> list[str]:
    """The names a column may go by in a column map: joined header, header, its plain forms, letter."""
    header = header_text(path)
    return [key("".join(path)), key("/".join(path)), key(header), *read_header(header).keys, key(place)]


def _likeness(a: str, b: str) -> float:
    """Share of common text, lifted when one word contains the other."""
    inside = (
        0.7 + 0.3 * min(len(a), len(b)) / max(len(a), len(b))
        if min(len(a), len(b)) > 1 and (a in b or b in a)
        else 0.0
    )
    return max(inside, SequenceMatcher(None, a, b, autojunk=False).ratio())
