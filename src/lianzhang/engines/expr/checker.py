"""The type checker: finds before the first evaluation what evaluation would refuse."""

from collections.abc import Mapping

from .errors import ExprError
from .functions import FUNCTIONS
from .nodes import Call, Items, Literal, Logic, Name, Node, Operation
from .values import KINDS, kind_of


def check(node: Node, types: Mapping[str, str]) -> str:
    """The kind of ``node`` (bool, number, text, date, moment, list or any) under the kinds of its names.

    ``types`` maps a dotted name, or a leading part of it (then everything below is ``any``), to a kind.
    Raises ExprError for a name that stands nowhere and for kinds that do not fit each other.
    """
    match node:
        case Literal():
            return kind_of(node.value, node.pos)
        case Name():
            return _name(node, types)
        case Items():
            for item in node.items:
                check(item, types)
            return "list"
        case Logic():
            for part in node.parts:
                _expect(part, types, ("bool",), f"beside {node.op!r}")
            return "bool"
        case Operation():
            return _operation(node, types)
        case Call():
            return _call(node, types)


def _name(node: Name, types: Mapping[str, str]) -> str:
    parts = node.name.split(".")
    for length in range(len(parts), 0, -1):
        kind = types.get(".".join(parts[:length]))
        if kind is not None and kind not in KINDS:
            raise ValueError(f"kind {kind!r} of {node.name!r}, expected one of {' '.join(KINDS)}")
        if kind is not None:
            return kind if length == len(parts) else "any"
    raise ExprError(
        f"unknown name {node.name!r}, expected one of {' '.join(sorted(types)) or 'none'}", node.pos
    )


def _expect(node: Node, types: Mapping[str, str], kinds: tuple[str, ...], where: str) -> str:
    kind = check(node, types)
    if kind not in (*kinds, "any"):
        raise ExprError(f"a {kind} {where}, expected {' or '.join(kinds)}", node.pos)
    return kind


def _operation(node: Operation, types: Mapping[str, str]) -> str:
    if node.op == "not":
        _expect(node.parts[0], types, ("bool",), "after 'not'")
        return "bool"
    if node.op in ("in", "not in"):
        check(node.parts[0], types)
        _expect(node.parts[1], types, ("list",), "after 'in'")
        return "bool"
    if node.op in ("neg", "+", "-", "*", "/"):
        sign = "-" if node.op == "neg" else node.op
        for part in node.parts:
            _expect(part, types, ("number",), f"beside {sign!r}")
        return "number"
    ordered = ("number", "text", "date", "moment")
    allowed = (*ordered, "bool") if node.op in ("==", "!=") else ordered
    _same([_expect(part, types, allowed, f"beside {node.op!r}") for part in node.parts], node)
    return "bool"


def _call(node: Call, types: Mapping[str, str]) -> str:
    function = FUNCTIONS[node.function]
    kinds = [_expect(part, types, function.takes, f"in {node.function}()") for part in node.parts]
    known = "any" if function.mixed else _same(kinds, node)
    return known if function.gives == "same" else function.gives


def _same(kinds: list[str], node: Operation | Call) -> str:
    known = sorted(set(kinds) - {"any"})
    if len(known) > 1:
        raise ExprError(f"a {known[0]} beside a {known[1]}, expected the same kind", node.pos)
    return known[0] if known else "any"
