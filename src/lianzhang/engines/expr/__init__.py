"""The closed, typed, three-valued expression language of guards, limits, lights and rules."""

from .checker import check
from .errors import ExprError
from .evaluate import evaluate
from .nodes import Call, Items, Literal, Logic, Name, Node, Operation, children, names, walk
from .parser import parse

__all__ = [
    "Call",
    "ExprError",
    "Items",
    "Literal",
    "Logic",
    "Name",
    "Node",
    "Operation",
    "check",
    "children",
    "evaluate",
    "names",
    "parse",
    "walk",
]
