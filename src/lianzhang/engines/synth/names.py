"""Fictitious company names: place + brand + trade word + legal form, unique, never a known brand."""

import numpy as np

from .reference import Reference


class Namer:
    """Draws names one after the other and remembers what is taken."""

    def __init__(self, rng: np.random.Generator, ref: Reference) -> None:
        self._rng = rng
        self._words = ref.names
        self._place = ref.recipe.city["short"]
        self._taken: set[tuple[str, str]] = set()

    def name(self, class_code: str, large: bool = False) -> str:
        """Return a new name, in which no known short name occurs, for a firm of `class_code` (four digits); `large` allows joint-stock forms."""
        words = self._words["class_words"].get(class_code) or self._words["words"].get(
            class_code[:2], self._words["words"]["x"]
        )
        while True:
            brand = self.brand()
            word = words[int(self._rng.integers(len(words)))]
            form = self._words["forms"][int(self._rng.random() < (0.3 if large else 0.02))]
            known = any(short in brand + word for short in self._words["known"])
            if not known and (brand, word) not in self._taken:
                self._taken.add((brand, word))
                return self._join(brand, word, form)

    def brand(self) -> str:
        """Return a brand of two or three characters."""
        parts = [self._pick("first"), self._pick("second")]
        if self._rng.random() < 0.75:
            parts.append(self._pick("third"))
        return "".join(parts)

    def _pick(self, position: str) -> str:
        characters = self._words[position]
        return characters[int(self._rng.integers(len(characters)))]

    def _join(self, brand: str, word: str, form: str) -> str:
        if self._rng.random() < 0.15:
            pattern = self._words["patterns"]["brand_first"]
        else:
            pattern = self._words["patterns"]["place_first"]
        return pattern.format(place=self._place, brand=brand, word=word, form=form)
