"""The syntax tree: six frozen node kinds, each with its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text or truth value written in the expression."""

    value: bool | int | float | str
    pos: int


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name: ``category.kind``, ``p.min_rev``."""

    name: str
    pos: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list in brackets: ``['a', 'b']``."""

    items: "tuple[Node, ...]"
    pos: int


@dataclass(frozen=True, slots=True)
class Logic:
    """A chain of ``and`` or of ``or``: two or more parts."""

    op: str
    parts: "tuple[Node, ...]"
    pos: int


@dataclass(frozen=True, slots=True)
class Operation:
    """``not``, ``neg`` (one part) or arithmetic, comparison, ``in`` (two parts)."""

    op: str
    parts: "tuple[Node, ...]"
    pos: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one of the listed functions."""

    function: str
    parts: "tuple[Node, ...]"
    pos: int


Node: TypeAlias = Literal | Name | Items | Logic | Operation | Call


def children(node: Node) -> "tuple[Node, ...]":
    """The direct parts of a node, left to right; empty for literals and names."""
    match node:
        case Items():
            return node.items
        case Logic() | Operation() | Call():
            return node.parts
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    stack: list[Node] = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


def measure(node: Node) -> tuple[int, int]:
    """How many nodes a tree has and how many levels; counted without recursion."""
    level, size, depth = [node], 0, 0
    while level:
        size += len(level)
        depth += 1
        level = [child for parent in level for child in children(parent)]
    return size, depth


def names(node: Node) -> tuple[str, ...]:
    """The distinct names an expression reads, in order of first appearance."""
    return tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Name)))
