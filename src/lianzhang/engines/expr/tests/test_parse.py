"""The grammar: precedence, places of mistakes, bounds."""

import pytest

from lianzhang.engines.expr import ExprError, Logic, Name, Operation, evaluate, names, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 - 3 - 2", 3),
        ("8 / 4 / 2", 1.0),
        ("-2 * 3", -6),
        ("2 - -3", 5),
        ("1 < 2 and 2 < 3 or false", True),
        ("true or false and false", True),
        ("not true or true", True),
        ("not (true or true)", False),
        ("not 1 == 2", True),
        ("1 + 1 in [2, 3]", True),
        ("'a' not in ['b']", True),
        ("1.5e3", 1500.0),
        (".5", 0.5),
        ("\"企业\" == '企业'", True),
        ("len([])", 0),
    ],
)
def test_precedence_and_literals(text: str, value: object) -> None:
    assert evaluate(parse(text), {}) == value


def test_tree_of_a_chain_is_flat() -> None:
    tree = parse("a or b or c.d")
    assert isinstance(tree, Logic)
    assert [part.name for part in tree.parts if isinstance(part, Name)] == ["a", "b", "c.d"]


def test_a_left_group_of_the_same_operator_keeps_its_meaning() -> None:
    assert isinstance(parse("a and (b or c)"), Logic)
    assert isinstance(parse("a - (b - c)"), Operation)
    assert evaluate(parse("9 - (5 - 3)"), {}) == 7


def test_names_in_order_once() -> None:
    assert names(parse("b > p.x and a in [b, c.d] and has('t')")) == ("b", "p.x", "a", "c.d")


@pytest.mark.parametrize(
    ("text", "pos", "words"),
    [
        ("", 0, "expected a value"),
        ("1 +", 3, "expected a value"),
        ("a = 1", 2, "'=='"),
        ("a == 'x", 5, "not closed"),
        ("1 < 2 < 3", 6, "'and' between"),
        ("a b", 2, "expected an operator"),
        ("(a", 2, "expected ')'"),
        ("a.b()", 0, "unknown function"),
        ("open('x')", 0, "unknown function"),
        ("min()", 0, "0 arguments"),
        ("days(a)", 0, "expected 2"),
        ("a.__class__ ; 1", 12, "unexpected ';'"),
        ("3x", 0, "runs into"),
        ("1..2", 0, "runs into"),
        ("a % 2", 2, "unexpected '%'"),
        ("9" * 19, 0, "18 digits"),
        ("1e999", 0, "too large"),
        ("[1, ]", 4, "expected a value"),
    ],
)
def test_mistakes_name_the_place(text: str, pos: int, words: str) -> None:
    with pytest.raises(ExprError) as caught:
        parse(text)
    assert caught.value.pos == pos
    assert words in caught.value.what


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100 + "1" + ")" * 100,
        "+".join(["1"] * 200),
        " or ".join(["true"] * 1100),
        "not " * 200 + "true",
        "x" * 4001,
        "(" * 30 + "1" + ("+1" * 30 + ")") * 30,
    ],
)
def test_bounds(text: str) -> None:
    with pytest.raises(ExprError, match=r"expected at most|deeper than"):
        parse(text)


def test_a_long_chain_of_or_is_one_level() -> None:
    assert evaluate(parse(" or ".join(["false"] * 400 + ["true"])), {}) is True
