"""The services of the program, found in the source: a new one without a case fails the build."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianzhang"


WITHOUT_ATOMIC = (
    "city.administration.identities.person_of", "kernel.accounts.codes.revoke", "registry.consents.put_right", "registry.tags.refresh",
    "site.operations.retention.run",
)  # fmt: skip
"""Writes that none of the signs below tells."""


def services() -> Iterator[str]:
    """Every public function that writes, as `casework.services.opening.open_matter`: it takes its actor by keyword (the
    house's form of a service), stands in a module of services, is the work of a job, or opens a transaction. Views and
    the API call these; their requests are sent twice in test_sent_twice.py."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if {"tests", "migrations", "web", "api", "engines"} & set(parts):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            name = ".".join((*parts, node.name)).replace(".__init__", "")
            if "services" in parts or _writes(node) or name in WITHOUT_ATOMIC:
                yield name


def _writes(node: ast.FunctionDef) -> bool:
    """Whether a function shows one of the signs of a write."""
    by_keyword = any(a.arg == "actor" for a in node.args.kwonlyargs)
    job = any(ast.unparse(d).startswith(("job(", "runner.job(")) for d in node.decorator_list)
    return by_keyword or job or "transaction.atomic" in ast.unparse(node)


@dataclass(frozen=True)
class Case:
    """A service in a situation: `prepare(stage)` sets it up and gives what calls it once."""

    service: str
    prepare: Callable[[Any], Callable[[], Any]]
    event: bool
    steps: bool


CASES: list[Case] = []


def tries(
    *names: str, event: bool = True, steps: bool = False
) -> Callable[[Callable[[Any], Callable[[], Any]]], Any]:
    """Register a case of one or more services: `@tries("casework.services.opening.open_matter")`.

    The function is given the stage (world, actors) and returns a function without arguments that calls the service
    once. It may be called many times, each time from the same rows: let it fetch what it changes. `event=False`: the
    service leaves no event (say why). `steps=True`: work of several transactions, each whole; broken off anywhere and
    begun again it must come to the same.
    """

    def register(prepare: Callable[[Any], Callable[[], Any]]) -> Any:
        CASES.extend(Case(name, prepare, event, steps) for name in names)
        return prepare

    return register


READS = "only reads"
PART = "a part of services that have a case, called in their transaction"
UNTRIED: dict[str, str] = {
    **{
        f"city.services.{name}": READS
        for name in (
            "forget", "version_id", "of_version", "areas_in_words", "industries_in_words", "sources", "ranks", "section", "city_profile", "roles",
            "in_language", "actor_of_membership", "memberships_of", "objection_to", "actor_of_request", "actor_of_post", "actor_of_user",
            "calendar_exceptions",
        )
    },
    **{
        name: READS
        for name in (
            "casework.services.moving.mover_of", "domains.chains.situations.services.steps.still_open", "kernel.imports.services.same_bytes",
            "kernel.imports.services.applied_since_check", "registry.services.errors.said", "registry.services.lists.may_take_over",
            "registry.services.lists.role_word", "registry.services.lists.readers", "registry.statistics.services.named",
            "registry.statistics.services.rules_of", "site.operations.kept_tables.digests",
        )
    },
    **{
        name: PART
        for name in (
            "city.administration.posts.finish", "domains.chains.network.keep_losses.keep",
            "domains.chains.network.keep_risk.keep", "domains.chains.situations.services.children.open_child",
            "kernel.imports.services.start_check",
        )
    },
    "city.administration.agreements.agreed": "the transaction of acts on administrators, which have cases",
    "city.services.load_catalogue": "reads the files and calls load_parsed, which has a case",
    "city.administration.by_message.deliver": "sends in between, which nothing takes back: city/tests/test_code_by_message.py says what is left",
    "kernel.crypto.reseal.reseal": "no table of the program has a sealed column yet; batch by batch, what it writes opens to the same values",
    "registry.names.index.rebuild": "one transaction over a table that is no model: registry/names/tests and `doctor` look into it",
    "site.operations.move.move": "writes another database: tests/operations/test_move.py breaks it off",
    "site.people.ensure": "accounts of a demonstration",
    "site.rehearsal.play": "plays a demonstration with the services",
}  # fmt: skip
"""Services without a case, and why."""
