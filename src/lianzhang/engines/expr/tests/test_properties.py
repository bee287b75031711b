"""Properties over drawn texts and trees."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.expr import ExprError, check, evaluate, names, parse

PIECES = [
    "a",
    "b",
    "p.x",
    "1",
    "2.5",
    "0",
    "'a'",
    "true",
    "false",
    "and",
    "or",
    "not",
    "in",
    "+",
    "-",
    "*",
    "/",
    "<",
    "<=",
    "==",
    "!=",
    "(",
    ")",
    "[",
    "]",
    ",",
    "min(",
    "max(",
    "abs(",
    "round(",
    "len(",
    "has(",
    "known(",
    "days(",
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.dates(),
    st.decimals(),
    st.lists(st.integers(), max_size=3),
)
ENVS = st.fixed_dictionaries({"a": VALUES, "b": VALUES, "has": st.sets(st.text(max_size=2))})
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join), st.text(max_size=40))


def outcome(text: str, env: dict[str, Any]) -> Any:
    try:
        return evaluate(parse(text), env)
    except ExprError as error:
        return ("refused", error.pos, error.what)


@given(TEXTS, ENVS)
def test_nothing_but_expr_error_and_the_same_twice(text: str, env: dict[str, Any]) -> None:
    assert repr(outcome(text, env)) == repr(outcome(text, env))


LOGIC = st.recursive(
    st.sampled_from(["a", "b", "c", "true", "false"]),
    lambda inner: st.one_of(
        inner.map(lambda x: f"not ({x})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
    ),
    max_leaves=10,
)
TRUTHS = st.sampled_from([True, False, None])


@given(LOGIC, TRUTHS, TRUTHS, TRUTHS)
def test_a_known_answer_holds_in_every_completion(text: str, a: Any, b: Any, c: Any) -> None:
    tree = parse(text)
    answer = evaluate(tree, {"a": a, "b": b, "c": c})
    if answer is None:
        assert any(x is None for x in (a, b, c))
        return
    options = [[x] if x is not None else [True, False] for x in (a, b, c)]
    for x in options[0]:
        for y in options[1]:
            for z in options[2]:
                assert evaluate(tree, {"a": x, "b": y, "c": z}) is answer


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_what_the_checker_passes_evaluates(text: str) -> None:
    types = {"a": "number", "b": "text", "p.x": "date"}
    env = {"a": 3, "b": "x", "p": {"x": date(2023, 1, 1)}}
    try:
        tree = parse(text)
        check(tree, types)
    except ExprError:
        return
    assert set(names(tree)) <= set(types)
    evaluate(tree, env)
