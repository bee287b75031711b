"""A Pratt parser: tokens to a tree, bounded in depth and size."""

from functools import lru_cache

from .errors import ExprError
from .functions import FUNCTIONS
from .nodes import Call, Items, Literal, Logic, Name, Node, Operation, measure
from .tokens import Token, tokenize

MAX_DEPTH = 60
MAX_NODES = 1000
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not in"})

_POWER = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6} | dict.fromkeys(COMPARISONS, 4)
_NOT_POWER = 3
_MINUS_POWER = 7


@lru_cache(maxsize=4096)
def parse(source: str) -> Node:
    """The tree of an expression.

    Raises ExprError with the place for anything outside the language, for more than MAX_DEPTH
    levels and for more than MAX_NODES nodes. Trees are immutable, so equal texts share one.
    """
    reader = _Reader(tokenize(source))
    node = reader.expression(0)
    if reader.token.kind != "end":
        raise ExprError(
            f"unexpected {reader.token.text!r}, expected an operator or the end", reader.token.pos
        )
    size, depth = measure(node)
    if size > MAX_NODES or depth > MAX_DEPTH:
        raise ExprError(f"{size} parts in {depth} levels, expected at most {MAX_NODES} in {MAX_DEPTH}")
    return node


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self, kind: str | None = None) -> Token:
        token = self.token
        if kind is not None and token.kind != kind:
            raise ExprError(f"{token.text or 'the end'!r} here, expected {kind!r}", token.pos)
        if token.kind != "end":
            self.at += 1
        return token

    def operator(self) -> str:
        """The infix operator that starts here (``not in`` is one), or an empty text."""
        if self.token.kind == "not" and self.tokens[self.at + 1].kind == "in":
            return "not in"
        return self.token.kind if self.token.kind in _POWER else ""

    def expression(self, power: int) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExprError(f"nested deeper than {MAX_DEPTH} levels", self.token.pos)
        left = self.prefix()
        while (op := self.operator()) and _POWER[op] > power:
            left = self.infix(op, left)
        self.depth -= 1
        return left

    def infix(self, op: str, left: Node) -> Node:
        pos = self.take().pos
        if op == "not in":
            self.take("in")
        right = self.expression(_POWER[op])
        if op in ("and", "or"):
            before = left.parts if isinstance(left, Logic) and left.op == op else (left,)
            return Logic(op, (*before, right), pos)
        if op in COMPARISONS and (nxt := self.operator()) in COMPARISONS:
            raise ExprError(f"{nxt!r} follows a comparison, expected 'and' between the two", self.token.pos)
        return Operation(op, (left, right), pos)

    def prefix(self) -> Node:
        token = self.take()
        match token.kind:
            case "number":
                return Literal(_number(token), token.pos)
            case "text":
                return Literal(token.text[1:-1], token.pos)
            case "true" | "false":
                return Literal(token.kind == "true", token.pos)
            case "not":
                return Operation("not", (self.expression(_NOT_POWER),), token.pos)
            case "-":
                return Operation("neg", (self.expression(_MINUS_POWER),), token.pos)
            case "(":
                inner = self.expression(0)
                self.take(")")
                return inner
            case "[":
                return Items(self.arguments("]"), token.pos)
            case "name" if self.token.kind == "(":
                return self.call(token)
            case "name":
                return Name(token.text, token.pos)
        raise ExprError(f"{token.text or 'the end'!r} here, expected a value", token.pos)

    def call(self, name: Token) -> Node:
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise ExprError(
                f"unknown function {name.text!r}, expected one of {' '.join(FUNCTIONS)}", name.pos
            )
        self.take("(")
        parts = self.arguments(")")
        low, high = function.arity
        if not low <= len(parts) <= high:
            wanted = str(low) if low == high else f"{low} to {high}"
            raise ExprError(f"{name.text} has {len(parts)} arguments, expected {wanted}", name.pos)
        return Call(name.text, parts, name.pos)

    def arguments(self, closing: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while self.token.kind != closing:
            if found:
                self.take(",")
            found.append(self.expression(0))
        self.take(closing)
        return tuple(found)


def _number(token: Token) -> int | float:
    if token.text.isdigit():
        if len(token.text) > 18:
            raise ExprError("a number of more than 18 digits", token.pos)
        return int(token.text)
    value = float(token.text)
    if value in (float("inf"), float("-inf")):
        raise ExprError("the number is too large", token.pos)
    return value
