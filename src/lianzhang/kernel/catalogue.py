"""The city catalogue: data, not code. Each app registers the sections it owns; check lists all mistakes at once.

A section is a YAML or CSV file of the catalogue folder, a pydantic model of its rows, and a loader that writes it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from lianzhang.kernel.home import catalogues


@dataclass(frozen=True)
class Section:
    """One file of the catalogue: its name, the model of a row, and how it is loaded into the database.

    order: sections load in this order. optional: a city may leave it out. cross: checks across sections,
    given all parsed sections, yielding `Mistake`s. A file with `*` is a folder of files, a row each: those of the
    city and, under other names, the shared reference's. parse: reads a file that is no plain table of rows.
    """

    file: str
    model: type[BaseModel]
    load: Callable[[list[Any], Catalogue], dict[str, int]]
    order: int = 50
    optional: bool = False
    cross: Callable[[Catalogue], Iterator[Mistake]] | None = None
    parse: Callable[[Path], Parsed] | None = None


@dataclass(frozen=True)
class Mistake:
    """A mistake of the catalogue: `file:line: what is wrong, what was expected`."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass
class Catalogue:
    """A parsed catalogue: rows per section file, with the line each row stands on."""

    folder: Path
    rows: dict[str, list[Any]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    digest: str = ""


Parsed = tuple[list[Any], list[int], list[Mistake]]
_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Tell the loader of a section (called in `AppConfig.ready`)."""
    _sections[section.file] = section


def sections() -> list[Section]:
    """All sections in load order."""
    return sorted(_sections.values(), key=lambda s: (s.order, s.file))


def folder_of(city: str) -> Path:
    """The folder of a city: a name in the catalogues folder, or a path."""
    path = Path(city)
    return path if path.is_dir() and (path / "city.yaml").exists() else catalogues() / city


def read(folder: Path) -> tuple[Catalogue, list[Mistake]]:
    """Parse every section; returns what could be read and all mistakes."""
    catalogue, mistakes, state = Catalogue(folder), [], hashlib.sha256()
    if not (folder / "city.yaml").exists():
        return catalogue, [Mistake(str(folder), 1, "no city.yaml here, expected a catalogue folder")]
    for section in sections():
        all_rows, all_lines = (
            catalogue.rows.setdefault(section.file, []),
            catalogue.lines.setdefault(section.file, []),
        )
        paths = _locate_all(folder, section.file)
        if not paths and not section.optional:
            mistakes.append(Mistake(section.file, 1, "the file is missing, expected one per catalogue"))
        for path in paths:
            state.update(path.read_bytes())
            try:
                rows, lines, found = section.parse(path) if section.parse else _parse(path, section)
            except UnicodeDecodeError as error:
                line = path.read_bytes().count(b"\n", 0, error.start) + 1
                rows, lines, found = [], [], [Mistake(path.name, line, "not UTF-8, expected a UTF-8 file")]
            all_rows += rows
            all_lines += lines
            mistakes += found
    # Also where rows were refused: whoever mends a catalogue wants all mistakes at once. What points to a refused
    # row is told too, and goes away with it.
    for section in sections():
        if section.cross:
            mistakes += list(section.cross(catalogue))
    catalogue.digest = state.hexdigest()
    return catalogue, mistakes


def _locate(folder: Path, file: str) -> Path | None:
    """A city's own file, else the shared reference table of the same name (national codes)."""
    for path in (folder / file, folder.parent / "_reference" / file, catalogues() / "_reference" / file):
        if path.exists():
            return path
    return None


def _locate_all(folder: Path, file: str) -> list[Path]:
    """The file of a section, or all files that its pattern finds, by name."""
    if "*" not in file:
        path = _locate(folder, file)
        return [path] if path else []
    shared = folder.parent / "_reference"
    found = {p.name: p for base in (catalogues() / "_reference", shared, folder) for p in base.glob(file)}
    return [found[name] for name in sorted(found)]


def _parse(path: Path, section: Section) -> Parsed:
    raw = _csv_rows(path) if path.suffix == ".csv" else _yaml_rows(path)
    rows, lines, mistakes = [], [], []
    for line, item in raw:
        if isinstance(item, Mistake):
            mistakes.append(item)
            continue
        try:
            rows.append(section.model.model_validate(item))
            lines.append(line)
        except ValidationError as error:
            for part in error.errors():
                where = ".".join(str(p) for p in part["loc"])
                mistakes.append(
                    Mistake(section.file, line, f"{where}: {part['msg']} (is {part['input']!r:.60})")
                )
    return rows, lines, mistakes


def _csv_rows(path: Path) -> Iterator[tuple[int, Any]]:
    text = path.read_bytes().decode(
        "utf-8-sig"
    )  # whole: the place of a byte that is no UTF-8 counts from the start
    with io.StringIO(text, newline="") as handle:
        reader = csv.DictReader(handle)
        for row in reader:
            if None in row or None in row.values():
                yield (
                    reader.line_num,
                    Mistake(
                        path.name, reader.line_num, "the row has another number of cells than the header"
                    ),
                )
                continue
            yield reader.line_num, {k: (v if v != "" else None) for k, v in row.items()}


Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe one of libyaml where it is built in, which reads a catalogue five times as fast."""
DEEPEST = 50


def read_yaml(text: str) -> tuple[yaml.Node | None, Any]:
    """The one document of a file, with its places and as data. Depth is looked at first: libyaml's does not bound it."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"more than {DEEPEST} levels", problem_mark=event.start_mark)  # type: ignore[arg-type]
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _yaml_rows(path: Path) -> Iterator[tuple[int, Any]]:
    text = path.read_bytes().decode("utf-8-sig")
    try:
        node, data = read_yaml(text)
    except (yaml.YAMLError, ValueError) as error:  # such as a number of five thousand digits
        mark = getattr(error, "problem_mark", None)
        yield (
            1,
            Mistake(
                path.name, mark.line + 1 if mark else 1, f"not valid YAML: {getattr(error, 'problem', error)}"
            ),
        )
        return
    if isinstance(node, yaml.SequenceNode):
        for child, item in zip(node.value, data, strict=True):
            yield child.start_mark.line + 1, item
    elif data is not None:
        yield 1, data


def snapshot(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue as JSON values, for versions and comparison (large national tables only by digest)."""
    out: dict[str, Any] = {}
    for file, rows in catalogue.rows.items():
        dumped = [row.model_dump(mode="json") for row in rows]
        if len(dumped) > 500:
            out[file] = {
                "rows": len(dumped),
                "sha256": hashlib.sha256(json.dumps(dumped).encode()).hexdigest(),
            }
        else:
            out[file] = dumped
    return out


def diff(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What changed between two snapshots, in words, one line each."""
    lines: list[str] = []
    for file in sorted(set(old) | set(new)):
        before, after = old.get(file), new.get(file)
        if before == after:
            continue
        if not isinstance(before, list) or not isinstance(after, list):
            lines.append(f"{file}: the table changed")
            continue
        names = _naming((before, after))
        a, b = {_key(r, names): r for r in before}, {_key(r, names): r for r in after}
        lines += [f"{file}: {k} added" for k in b if k not in a]
        lines += [f"{file}: {k} removed" for k in a if k not in b]
        for k in sorted(a.keys() & b.keys()):
            for name in sorted(set(a[k]) | set(b[k])):
                if a[k].get(name) != b[k].get(name):
                    lines.append(f"{file}: {k}.{name}: {a[k].get(name)!r} → {b[k].get(name)!r}")
    return lines


KEYS = (
    ("code",),
    ("id",),
    ("kind",),
    ("date",),
    ("uscc",),
    ("key",),
    ("dataset", "code"),
    ("chain", "segment"),
)


def _naming(tables: Sequence[Sequence[dict[str, Any]]]) -> tuple[str, ...]:
    """The columns that name the rows of both tables, each row another one; none when there are no such columns."""
    for names in KEYS:
        complete = all(row.get(n) is not None for rows in tables for row in rows for n in names)
        if complete and all(len({_key(row, names) for row in rows}) == len(rows) for rows in tables):
            return names
    return ()


def _key(row: dict[str, Any], names: tuple[str, ...]) -> str:
    return ".".join(str(row[n]) for n in names) or json.dumps(row, ensure_ascii=False, sort_keys=True)
