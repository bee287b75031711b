"""Guards and conditions read only what can be known, and answer yes or no."""

from lianzhang.engines.expr import ExprError, check, parse

from .check_names import expressions
from .facts import FACTS, FIELD_KINDS
from .findings import Finding
from .model import Process


def known_kinds(process: Process) -> dict[str, str]:
    """Name -> kind of everything an expression of the process may read."""
    needs = {need: "any" for move in process.moves.values() for need in move.needs}
    fields = {field.name: FIELD_KINDS.get(field.type, "any") for field in process.fields}
    return needs | fields | FACTS


def guard_findings(process: Process) -> list[Finding]:
    """Expressions with unknown names, kinds that do not fit, or an answer other than true or false."""
    kinds = known_kinds(process)
    found = []
    for text, path in expressions(process):
        try:
            kind = check(parse(text), kinds)
        except ExprError as error:
            # What does not even parse is reported with the names.
            if _parses(text):
                found.append(Finding(f"{text!r} {error}", "an expression over the process's fields", path))
            continue
        if kind not in ("bool", "any"):
            found.append(Finding(f"{text!r} gives a {kind}", "true or false", path))
    return found


def _parses(text: str) -> bool:
    try:
        parse(text)
    except ExprError:
        return False
    return True
