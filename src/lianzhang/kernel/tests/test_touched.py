"""What a delivery touched: each key once, in order, whatever their number, in the memory of a few."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from lianzhang.kernel.touched import Touched


def storable(text: str) -> bool:
    """Whether it is a text that a database takes."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


KEYS = st.lists(st.lists(st.integers(-(2**63), 2**63 - 1)), max_size=6)


@given(KEYS, st.integers(1, 9))
def test_it_is_the_sorted_set(lots: list[list[int]], kept: int) -> None:
    touched = Touched(lots[0] if lots else (), kept=kept)
    for each in lots[1:]:
        touched.update(iter(each))
    wanted = sorted({key for each in lots for key in each})
    assert list(touched) == wanted
    assert list(touched) == wanted


@given(st.lists(st.text(max_size=5).filter(storable), max_size=30), st.integers(1, 9))
def test_texts_come_by_code_point(texts: list[str], kept: int) -> None:
    assert list(Touched(texts, kept=kept)) == sorted(set(texts))


def test_more_may_come_after_a_reading() -> None:
    touched = Touched(range(10), kept=4)
    assert list(touched) == list(range(10))
    touched.update([3, 11])
    assert list(touched) == [*range(10), 11]


def peak(number: int) -> int:
    tracemalloc.start()
    try:
        # Large numbers: small ones are not objects of their own.
        assert sum(1 for _ in Touched(10**9 + i for i in range(number))) == number
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_keys() -> None:
    assert peak(300_000) < 1.1 * peak(100_000)
