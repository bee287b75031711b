"""The checker refuses before evaluation what evaluation would refuse."""

import pytest

from lianzhang.engines.expr import ExprError, check, parse

TYPES = {
    "revenue": "number",
    "firm": "any",
    "name": "text",
    "ok": "bool",
    "day": "date",
    "tags": "list",
    "p.x": "number",
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("revenue / p.x >= 0.03 and ok", "bool"),
        ("firm.size > 3", "bool"),
        ("max(revenue, 1) - 1", "number"),
        ("min(day, day)", "date"),
        ("name in tags", "bool"),
        ("len(name)", "number"),
        ("ok == true", "bool"),
        ("[1, 'a']", "list"),
        ("-revenue", "number"),
        ("not known(name)", "bool"),
        ("firm", "any"),
        ("days(day, firm) > 3", "bool"),
        ("firm == 3", "bool"),
        ("max(firm, firm)", "any"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert check(parse(text), TYPES) == kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("revnue > 1", "unknown name 'revnue'"),
        ("p.y > 1", "unknown name 'p.y'"),
        ("revenue > name", "a number beside a text"),
        ("revenue and ok", "a number beside 'and'"),
        ("name + 1", "a text beside"),
        ("name in name", "after 'in'"),
        ("ok < ok", "a bool beside '<'"),
        ("tags == tags", "a list beside '=='"),
        ("days(revenue, day)", "a number in days"),
        ("max(day, 1)", "a date beside a number"),
        ("not revenue", "after 'not'"),
    ],
)
def test_refusals(text: str, words: str) -> None:
    with pytest.raises(ExprError, match=words):
        check(parse(text), TYPES)


def test_a_kind_nobody_knows_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="kind 'money'"):
        check(parse("a"), {"a": "money"})
