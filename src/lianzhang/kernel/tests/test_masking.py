"""What remains of a personal value: forty by hand, and properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.kernel.masking import mask

VECTORS = [
    ("name", "张三", "张*"), ("name", "张三丰", "张**"), ("name", "欧阳娜娜", "欧***"), ("name", "李", "*"), ("name", "", ""),
    ("name", "  ", "  "), ("name", " 王芳 ", "王*"), ("name", "阿卜杜拉·买买提", "阿*******"), ("name", "John Smith", "J***"),
    ("name", "Li", "L***"), ("name", "張國榮", "張**"), ("name", "张三、李四丰", "张*、李**"), ("name", "张三;李四", "张*;李*"),
    ("name", "张三,李四", "张*,李*"), ("name", "张*", "张*"), ("name", "J***", "J***"), ("name", "𠮷田一", "𠮷**"),
    ("phone", "13812341234", "138****1234"), ("phone", "138 1234 1234", "138 **** 1234"), ("phone", "138-1234-1234", "138-****-1234"),
    ("phone", "+8613812341234", "+861******1234"), ("phone", "020-83121234", "020-****1234"), ("phone", "(020)83121234", "(020)****1234"),
    ("phone", "83121234", "****1234"), ("phone", "8312123", "***2123"), ("phone", "0755-83121234", "075*-****1234"),
    ("phone", "12345", "*****"), ("phone", "", ""), ("phone", "无", "****"), ("phone", "13812341234;020-83121234", "138****1234;020-****1234"),
    ("phone", "13812341234/13912341234", "138****1234/139****1234"), ("phone", "138****1234", "138****1234"),
    ("phone", "020-83121234转801", "020-*******4转801"),
    ("id", "440106199001011234", "440106********1234"), ("id", "44010619900101123X", "440106********123X"),
    ("id", "440106900101123", "440106*****1123"), ("id", "E12345678", "E*******8"), ("id", "12345", "*****"), ("id", "", ""),
    ("id", "440106********1234", "440106********1234"), ("id", "440106199001011234、440106199001015678", "440106********1234、440106********5678"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "wanted"), VECTORS)
def test_forty_by_hand(kind: str, value: str, wanted: str) -> None:
    assert mask(value, kind) == wanted  # type: ignore[arg-type]


def test_they_are_forty() -> None:
    assert len(VECTORS) >= 40


@given(st.sampled_from(["name", "phone", "id"]), st.text(max_size=40))
def test_masking_twice_is_masking_once(kind: str, value: str) -> None:
    once = mask(value, kind)  # type: ignore[arg-type]
    assert mask(once, kind) == once  # type: ignore[arg-type]


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_a_mobile_shows_seven_digits_at_most(number: str) -> None:
    assert sum(sign.isdigit() for sign in mask(number, "phone")) == 7
