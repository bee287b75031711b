"""All checks of a process file: can every matter come to an end, by the right hands?"""

from collections.abc import Collection, Mapping
from typing import Any

from .check_clocks import clock_findings
from .check_graph import graph_findings
from .check_guards import guard_findings
from .check_roles import role_findings
from .findings import Finding
from .load import placed, read_process


def check_process(source: Mapping[str, Any] | str, roles: Collection[str] | None = None) -> list[Finding]:
    """Everything wrong with a process, in the order of its lines; empty where nothing is.

    ``source`` is a mapping or YAML text (then findings have lines); ``roles`` are the roles that exist
    (None: not checked). Findings of severity ``warning`` leave the process usable.
    """
    process, findings, lines = read_process(source)
    if process is None:
        return findings
    findings += role_findings(process, roles) + guard_findings(process)
    findings += graph_findings(process) + clock_findings(process)
    return placed(findings, lines)
