"""Three-valued evaluation: Kleene's tables, unknown through arithmetic, kinds that do not fit."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from lianzhang.engines.expr import ExprError, evaluate, parse

U = None
TABLE_AND = {
    (True, True): True,
    (True, False): False,
    (False, False): False,
    (True, U): U,
    (False, U): False,
    (U, U): U,
}
TABLE_OR = {
    (True, True): True,
    (True, False): True,
    (False, False): False,
    (True, U): True,
    (False, U): U,
    (U, U): U,
}


def value(text: str, **env: Any) -> Any:
    return evaluate(parse(text), env)


@pytest.mark.parametrize(("op", "table"), [("and", TABLE_AND), ("or", TABLE_OR)])
def test_kleene_tables(op: str, table: dict[tuple[Any, Any], Any]) -> None:
    for (a, b), wanted in table.items():
        assert value(f"a {op} b", a=a, b=b) is wanted
        assert value(f"a {op} b", a=b, b=a) is wanted
    assert value("not a", a=U) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("u + 1", None),
        ("-u", None),
        ("u < 1", None),
        ("u == u", None),
        ("1 / 0", None),
        ("0 / 0 > 1", None),
        ("1 / 0 > 1 or true", True),
        ("u in [1]", None),
        ("1 in [1, u]", True),
        ("1 in [2, u]", None),
        ("1 not in [2, u]", None),
        ("1 in []", False),
        ("u in []", False),
        ("min(1, u)", None),
        ("known(u)", False),
        ("known(u) or known(1)", True),
        ("len(u)", None),
        ("has('x')", None),
        ("1e300 * 1e300", None),
        ("nan > 1", None),
    ],
)
def test_unknown_goes_through(text: str, wanted: Any) -> None:
    assert value(text, nan=float("nan")) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(2.675, 2)", 2.68),
        ("round(1234, -2)", 1200),
        ("abs(-3)", 3),
        ("min(3, 1.5, 2)", 1.5),
        ("max(3, 1.5, 2)", 3),
        ("len('企业诉求')", 4),
        ("days(a, b)", 28),
        ("days(b, m)", 1),
        ("has('high_tech')", True),
        ("has('giant')", False),
        ("max(a, b) == b", True),
        ("d * 1.5", 3.75),
        ("category.kind == 'consultation'", True),
        ("p.x", 7),
        ("gone.deep.name", None),
    ],
)
def test_functions_and_names(text: str, wanted: Any) -> None:
    env = {
        "a": date(2023, 2, 1),
        "b": date(2023, 3, 1),
        "m": datetime(2023, 3, 2, 23, tzinfo=UTC),
        "d": Decimal("2.5"),
        "has": {"high_tech"},
        "category": {"kind": "consultation"},
        "p.x": 7,
    }
    assert value(text, **env) == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 + 'a'", "beside a text"),
        ("true + 1", "beside a bool"),
        ("1 == '1'", "compared with a text"),
        ("1 == true", "compared with a bool"),
        ("true < false", "between two values of kind bool"),
        ("[1] == [1]", "kind list"),
        ("1 and true", "true or false was expected"),
        ("not 'a'", "true or false was expected"),
        ("1 in 'abc'", "expected a list"),
        ("len(3)", "len of a number"),
        ("min(1, d)", "expected one kind"),
        ("has(3)", "has of a number"),
        ("o", "type object"),
        ("m < n", "zone"),
        ("min(m, n)", "zone"),
    ],
)
def test_kinds_that_do_not_fit(text: str, words: str) -> None:
    env = {
        "d": date(2023, 1, 1),
        "o": object(),
        "m": datetime(2023, 1, 1),
        "n": datetime(2023, 1, 1, tzinfo=UTC),
    }
    with pytest.raises(ExprError, match=words):
        value(text, **env)


def test_truth_of_the_rest_does_not_hide_a_mistake() -> None:
    with pytest.raises(ExprError, match="beside a text"):
        value("false and 1 + 'a' > 2")
