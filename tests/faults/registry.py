"""The services of the program, found in the source: a new one without a case fails the build."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianzhang"


def services() -> Iterator[str]:
    """Every public function that takes its actor by keyword, as `casework.services.opening.open_matter`: the house's
    form of a write."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if "tests" in parts or "migrations" in parts:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and any(a.arg == "actor" for a in node.args.kwonlyargs)
            ):
                yield ".".join((*parts, node.name)).replace(".__init__", "")


@dataclass(frozen=True)
class Case:
    """A service in a situation: `prepare(stage)` sets it up and gives what calls it once."""

    service: str
    prepare: Callable[[Any], Callable[[], Any]]
    event: bool


CASES: list[Case] = []


def tries(*names: str, event: bool = True) -> Callable[[Callable[[Any], Callable[[], Any]]], Any]:
    """Register a case of one or more services: `@tries("casework.services.opening.open_matter")`.

    The function is given the stage (world, actors) and returns a function without arguments that calls the service
    once. It may be called many times, each time from the same rows: let it fetch what it changes. `event=False`: the
    service leaves no event (say why).
    """

    def register(prepare: Callable[[Any], Callable[[], Any]]) -> Any:
        CASES.extend(Case(name, prepare, event) for name in names)
        return prepare

    return register


UNTRIED: dict[str, str] = {}
"""Services without a case, and why. Meant to be empty."""
