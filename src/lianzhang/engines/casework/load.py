"""Load a process from data or YAML text, with every mistake at once and its line."""

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from . import model
from .check_limits import limit_findings
from .check_names import name_findings
from .findings import Finding, errors
from .model import Process
from .positions import Lines, read_yaml

_KEYS: dict[tuple[str, ...], type[BaseModel]] = {
    (): Process,
    ("title",): model.Title,
    ("fields", "*"): model.FieldSpec,
    ("fields", "*", "title"): model.Title,
    ("states", "*"): model.State,
    ("states", "*", "title"): model.Title,
    ("moves", "*"): model.Move,
    ("moves", "*", "title"): model.Title,
    ("clocks", "*"): model.Clock,
    ("clocks", "*", "title"): model.Title,
    ("clocks", "*", "extend"): model.Extend,
    ("clocks", "*", "limit", "*"): model.LimitCase,
    ("escalation", "*", "*"): model.Step,
    ("publication",): model.Publication,
}
_EXPECTED = {
    "missing": ("this key is missing", "it to be written"),
    "bool_type": ("{input!r} is no truth value", "true or false"),
    "string_type": ("{input!r} is no text", "a text"),
    "tuple_type": ("{input!r} is no list", "a list as [a, b]"),
    "dict_type": ("{input!r} is no mapping", "keys with values"),
    "model_type": ("{input!r} is no mapping", "keys with values"),
    "int_type": ("{input!r} is no whole number", "a whole number"),
    "string_pattern_mismatch": ("{input!r}", "letters a-z, digits and _ beginning with a letter"),
    "too_short": ("nothing here", "at least one"),
    "string_too_short": ("an empty text", "a text"),
}


class ProcessError(ValueError):
    """A process that cannot be used; ``findings`` lists every reason."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(finding.render("process") for finding in findings))
        self.findings = findings


def load_process(source: Mapping[str, Any] | str) -> Process:
    """The process of a mapping or of YAML text.

    Raises ProcessError with all findings of the schema, of names and of limits; ``check_process``
    looks further (can every matter come to an end?).
    """
    process, findings, _ = read_process(source)
    if process is None or errors(findings):
        raise ProcessError(findings)
    return process


def read_process(source: Mapping[str, Any] | str) -> tuple[Process | None, list[Finding], Lines]:
    """The process if its shape allows one, the findings so far, and the line of every path."""
    data, lines, findings = read_yaml(source) if isinstance(source, str) else (source, {}, [])
    if data is None:
        return None, findings, lines
    if not isinstance(data, Mapping):
        return None, [Finding("the file is no mapping", "kind, version, title, states, moves", line=1)], lines
    process, shape = _validate(data)
    findings += shape
    if process is not None:
        findings += name_findings(process) + limit_findings(process)
    return process, placed(findings, lines), lines


def placed(findings: list[Finding], lines: Lines) -> list[Finding]:
    """The findings with the line of their path, or of the nearest path above it."""
    return sorted((_placed(finding, lines) for finding in findings), key=lambda f: (f.line or 0, str(f.path)))


def _placed(finding: Finding, lines: Lines) -> Finding:
    if finding.line is not None or not lines:
        return finding
    path = finding.path
    while path not in lines:
        path = path[:-1]
    return Finding(finding.what, finding.expected, finding.path, lines[path], finding.severity)


def _validate(data: Mapping[str, Any]) -> tuple[Process | None, list[Finding]]:
    """Validate; unknown keys are reported and left out, so that the rest is checked in the same round."""
    findings: list[Finding] = []
    try:
        return Process.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    findings = [_finding(detail) for detail in details]
    if all(detail["type"] == "extra_forbidden" for detail in details):
        pruned = _without(data, [detail["loc"] for detail in details])
        try:
            return Process.model_validate(pruned), findings
        except ValidationError as error:
            findings += [_finding(detail) for detail in error.errors(include_url=False)]
    return None, findings


def _without(data: Any, paths: list[tuple[int | str, ...]]) -> Any:
    heads = {path[0] for path in paths if len(path) == 1}
    deeper = {path[0] for path in paths if len(path) > 1}

    def below(key: int | str) -> list[tuple[int | str, ...]]:
        return [path[1:] for path in paths if len(path) > 1 and path[0] == key]

    if isinstance(data, Mapping):
        kept = {key: value for key, value in data.items() if key not in heads}
        return {key: _without(value, below(key)) if key in deeper else value for key, value in kept.items()}
    return [_without(value, below(i)) if i in deeper else value for i, value in enumerate(data)]


def _finding(detail: Any) -> Finding:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden":
        known = _known_keys(path[:-1])
        near = difflib.get_close_matches(str(path[-1]), known, 1)
        return Finding(f"unknown key {path[-1]!r}", near[0] if near else f"one of {' '.join(known)}", path)
    if detail["type"] == "value_error":
        what, _, expected = str(detail["ctx"]["error"]).partition(", expected ")
        return Finding(what, expected, path)
    what, expected = _EXPECTED.get(detail["type"], (detail["msg"], "the schema of a process"))
    return Finding(what.format(input=detail["input"]), expected, path)


def _known_keys(path: tuple[int | str, ...]) -> list[str]:
    for pattern, part in _KEYS.items():
        if len(pattern) == len(path) and all(p in ("*", q) for p, q in zip(pattern, path, strict=True)):
            return [field.alias or name for name, field in part.model_fields.items()]
    return []
