"""Evaluation in three values: true, false and unknown (None), by Kleene's strong tables.

Kleene 1952, *Introduction to Metamathematics*, section 64. Unknown goes through arithmetic and
comparisons; ``false and unknown`` is false, ``true or unknown`` is true. Division by zero, overflow
and not-a-number are unknown.
"""

from collections.abc import Mapping
from typing import Any

from .errors import ExprError
from .functions import FUNCTIONS
from .nodes import Call, Items, Literal, Logic, Name, Node, Operation
from .values import finite, kind_of, look_up, paired


def evaluate(node: Node, env: Mapping[str, Any]) -> Any:
    """The value of ``node`` where names are looked up in ``env`` (nested mappings or dotted keys).

    Returns a bool, number, text, date or list, or None for unknown. ``has('x')`` asks the collection
    ``env['has']``. Raises ExprError where kinds do not fit (``3 < 'a'``); nothing else is raised.
    """
    match node:
        case Literal():
            return node.value
        case Name():
            value = look_up(env, node.name)
            if value is not None:
                kind_of(value, node.pos)
            return value
        case Items():
            return [evaluate(item, env) for item in node.items]
        case Logic():
            return _logic(node, env)
        case Operation():
            return _operation(node, [evaluate(part, env) for part in node.parts])
        case Call():
            return _call(node, env)


def _truth(value: Any, pos: int) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ExprError(f"a {kind_of(value, pos)} where true or false was expected", pos)


def _logic(node: Logic, env: Mapping[str, Any]) -> bool | None:
    decisive = node.op == "or"
    open_ = False
    result: bool | None = not decisive
    for part in node.parts:
        truth = _truth(evaluate(part, env), part.pos)
        if truth is decisive:
            result = decisive
        open_ = open_ or truth is None
    return None if open_ and result is not decisive else result


def _operation(node: Operation, values: list[Any]) -> Any:
    if node.op == "not":
        truth = _truth(values[0], node.pos)
        return None if truth is None else not truth
    if node.op in ("in", "not in"):
        found = _member(values[0], values[1], node.pos)
        return found if found is None or node.op == "in" else not found
    if any(value is None for value in values):
        return None
    if node.op == "neg":
        _expect_number(values, node)
        return -values[0]
    if node.op in ("+", "-", "*", "/"):
        _expect_number(values, node)
        return _arithmetic(node.op, *paired(*values))
    return _compare(node.op, values[0], values[1], node.pos)


def _expect_number(values: list[Any], node: Operation) -> None:
    for value in values:
        if (kind := kind_of(value, node.pos)) != "number":
            sign = "-" if node.op == "neg" else node.op
            raise ExprError(f"{sign!r} beside a {kind}, expected numbers", node.pos)


def _arithmetic(op: str, left: Any, right: Any) -> Any:
    try:
        match op:
            case "+":
                return finite(left + right)
            case "-":
                return finite(left - right)
            case "*":
                return finite(left * right)
        return finite(left / right)
    except ArithmeticError:
        return None


def _compare(op: str, left: Any, right: Any, pos: int) -> bool:
    kinds = kind_of(left, pos), kind_of(right, pos)
    if kinds[0] != kinds[1]:
        raise ExprError(f"a {kinds[0]} is compared with a {kinds[1]}, expected the same kind", pos)
    if kinds[0] == "list" or (kinds[0] == "bool" and op not in ("==", "!=")):
        raise ExprError(
            f"{op!r} between two values of kind {kinds[0]}, expected numbers, texts or dates", pos
        )
    if op in ("==", "!="):
        return bool((left == right) == (op == "=="))
    try:
        match op:
            case "<":
                return bool(left < right)
            case "<=":
                return bool(left <= right)
            case ">":
                return bool(left > right)
        return bool(left >= right)
    except TypeError as error:
        raise ExprError("a moment without a zone is compared with one that has a zone", pos) from error


def _member(value: Any, items: Any, pos: int) -> bool | None:
    if items is None:
        return None
    if kind_of(items, pos) != "list":
        raise ExprError(f"'in' before a {kind_of(items, pos)}, expected a list", pos)
    unsure = False
    for item in map(finite, items):
        if value is None or item is None:
            unsure = True
        elif kind_of(value, pos) == kind_of(item, pos) and value == item:
            return True
    return None if unsure else False


def _call(node: Call, env: Mapping[str, Any]) -> Any:
    values = [evaluate(part, env) for part in node.parts]
    if node.function == "known":
        return values[0] is not None
    function = FUNCTIONS[node.function]
    kinds = {kind_of(value, node.pos) for value in values if value is not None}
    for kind in sorted(kinds - set(function.takes)):
        raise ExprError(f"{node.function} of a {kind}, expected {' or '.join(function.takes)}", node.pos)
    if len(kinds) > 1 and not function.mixed:
        raise ExprError(f"{node.function} of {' and '.join(sorted(kinds))}, expected one kind", node.pos)
    if node.function == "has":
        return _member(values[0], env.get("has"), node.pos)
    if any(value is None for value in values):
        return None
    try:
        return finite(function.work(values))
    except ArithmeticError:
        return None
    except TypeError as error:
        raise ExprError(f"{node.function} of moments with and without a zone", node.pos) from error
