"""Read YAML with the line of every key, refusing what YAML would swallow silently.

Scalars follow the YAML 1.2 core schema: ``on``, ``no``, ``17:30`` and ``2023-05-01`` stay text (YAML 1.1
would make them a truth value, the number 1050 and a date). A key that stands twice is a mistake.
"""

import re
from typing import Any

import yaml

from .findings import Finding

MAX_NODES = 20_000
MAX_DEPTH = 20


class _CoreLoader(yaml.SafeLoader):
    """SafeLoader without its own implicit types, which goes no deeper than twice what is allowed: thousands of brackets
    would keep it busy for seconds."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self.depth += 1
        if self.depth > 2 * MAX_DEPTH:
            raise RecursionError
        found = super().compose_node(parent, index)
        self.depth -= 1
        return found


_CORE = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]{1,18}", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", "~nN"),
)
for _tag, _pattern, _first in _CORE:
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), [*_first])
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^$"), [""])

Lines = dict[tuple[str | int, ...], int]


def read_yaml(text: str) -> tuple[Any, Lines, list[Finding]]:
    """The data, the 1-based line of every path, and the mistakes (the data are None where unreadable)."""
    try:
        node = yaml.compose(text.removeprefix("\ufeff"), Loader=_CoreLoader)
    except yaml.YAMLError as error:
        return None, {}, [_unreadable(error)]
    except RecursionError:
        return None, {}, [Finding("nested too deeply", "a process", line=1)]
    if node is None:
        return None, {}, [Finding("an empty file", "a process", line=1)]
    builder = _Builder()
    data = builder.build(node, ())
    if builder.too_much:
        return None, {}, [Finding(f"more than {MAX_NODES} values or {MAX_DEPTH} levels", "a process", line=1)]
    return data, builder.lines, builder.findings


def _unreadable(error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Finding(f"not YAML: {what}", "one readable document", line=mark.line + 1 if mark else 1)


class _Builder:
    def __init__(self) -> None:
        self.lines: Lines = {}
        self.findings: list[Finding] = []
        self.nodes = 0
        self.too_much = False

    def build(self, node: yaml.Node, path: tuple[str | int, ...]) -> Any:
        self.nodes += 1
        self.lines.setdefault(path, node.start_mark.line + 1)
        if self.nodes > MAX_NODES or len(path) > MAX_DEPTH:
            self.too_much = True
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: tuple[str | int, ...]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or (isinstance(key, str) and not key):
                self.findings.append(Finding("a key that is no word", "a word or a number", path, line))
                continue
            if key in found:
                self.findings.append(Finding(f"key {key!r} stands twice", "each key once", path, line))
            self.lines[(*path, key)] = line
            found[key] = self.build(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        text = str(node.value)
        match node.tag.rpartition(":")[2]:
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "null":
                return None
            case "str":
                return text
        self.findings.append(Finding(f"tag {node.tag!r}", "plain values", line=node.start_mark.line + 1))
        return text
