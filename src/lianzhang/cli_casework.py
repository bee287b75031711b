"""Commands ``lianzhang casework …``, on files alone: no database, no settings.

Exit codes: 0 all done, 3 done in part (some matters or files have mistakes), 1 nothing done, 2 wrong usage.
Mistakes go to stderr as ``file:line: what, expected …``.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lianzhang.engines.casework import Event, Finding, Histories, MatterClocks, Process, WorkCalendar

DONE, NOTHING, PART = 0, 1, 3


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``casework check`` and ``casework clock``."""
    group = subparsers.add_parser("casework", help="process files and the clocks of matters")
    commands = group.add_subparsers(dest="casework_command", metavar="COMMAND", required=True)
    check = commands.add_parser("check", help="check process files")
    check.add_argument("files", nargs="+", metavar="FILE", type=Path)
    check.add_argument("--roles", help="comma-separated roles that exist (default: not checked)")
    check.add_argument("--json", action="store_true", help="one JSON object on stdout")
    check.set_defaults(run=run_check)
    clock = commands.add_parser("clock", help="what the clocks of matters say at an instant")
    clock.add_argument("--process", required=True, type=Path, metavar="FILE")
    clock.add_argument(
        "--events", required=True, type=Path, metavar="FILE", help="JSON Lines, one event a line"
    )
    clock.add_argument(
        "--calendar", type=Path, metavar="FILE", help="CSV date,kind: exceptions to Monday-Friday"
    )
    clock.add_argument("--now", required=True, type=_now, metavar="TIME", help="ISO 8601 with zone")
    clock.add_argument("--json", action="store_true", help="one JSON object a matter on stdout")
    clock.set_defaults(run=run_clock)


def _now(text: str) -> datetime:
    from lianzhang.engines.casework.event_lines import instant

    try:
        return instant(text)
    except ValueError as error:
        what, expected = error.args
        raise argparse.ArgumentTypeError(f"{what}, expected {expected}") from error


def run_check(args: argparse.Namespace) -> int:
    """Check every file; exit 0 if none has an error, 3 if some have, 1 if all have."""
    from lianzhang.engines.casework import check_process

    roles = None if args.roles is None else [role.strip() for role in args.roles.split(",") if role.strip()]
    answers: list[dict[str, Any]] = []
    for path in args.files:
        text, findings = _text(path)
        if text is not None:
            findings = check_process(text, roles)
        _complain(path, findings)
        wrong = any(finding.severity == "error" for finding in findings)
        answers.append(
            {"file": str(path), "ok": not wrong, "findings": [_plain(finding) for finding in findings]}
        )
        if not wrong and not args.json:
            print(f"{path}: ok")
    if args.json:
        print(json.dumps({"files": answers}, ensure_ascii=False))
    return _status(sum(answer["ok"] for answer in answers), len(answers))


def run_clock(args: argparse.Namespace) -> int:
    """Print the clocks of every matter; a matter with a mistake in its history is left out (exit 3 or 1)."""
    process, calendar = _process(args.process), _calendar(args.calendar)
    histories = _histories(args.events)
    if process is None or calendar is None or histories is None:
        return NOTHING
    good = not any(finding.severity == "error" for finding in histories.findings)
    answered = 0
    for matter, events in histories.matters.items():
        if matter in histories.spoilt:
            continue
        answer, clean = _matter(process, events, calendar, args, histories)
        good = good and clean
        if answer is not None:
            answered += 1
            _show(matter, answer, args)
    return NOTHING if not answered else DONE if good else PART


def _matter(
    process: Process,
    events: list[Event],
    calendar: WorkCalendar,
    args: argparse.Namespace,
    histories: Histories,
) -> tuple[MatterClocks | None, bool]:
    """The clocks of one matter (None where its history does not hold) and whether nothing was wrong."""
    from lianzhang.engines.casework import Finding, HistoryError, clocks, history_problems

    answer, problems = None, history_problems(process, events)
    if not problems:
        try:
            answer = clocks(process, events, calendar, args.now, explained=args.json)
            problems = list(answer.refused)
        except HistoryError as error:
            problems = list(error.problems)
    for problem in problems:
        line = histories.lines[(events[0].matter, problem.seq)]
        _complain(args.events, [Finding(problem.what, problem.expected, line=line)])
    return answer, not problems


def _show(matter: str | int, answer: MatterClocks, args: argparse.Namespace) -> None:
    if args.json:
        found = {
            "matter": matter,
            "state": answer.state,
            "clocks": [clock.as_dict() for clock in answer.clocks],
        }
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"{matter}\t{answer.state or '-'}")
    for clock in answer.clocks:
        name = f"{clock.name} ({clock.org})" if clock.org else clock.name
        due = clock.due.isoformat() if clock.due else "-"
        late = f"\tbreached {clock.breached_at.isoformat()}" if clock.breached_at else ""
        mark = "\tprovisional" if clock.provisional else ""
        print(
            f"  {name}\t{clock.state}\t{clock.used}/{clock.limit or '-'} {clock.unit}\tdue {due}{late}{mark}"
        )


def _process(path: Path) -> Process | None:
    from lianzhang.engines.casework import ProcessError, load_process

    text, findings = _text(path)
    try:
        if text is not None:
            return load_process(text)
    except ProcessError as error:
        findings = error.findings
    _complain(path, findings)
    return None


def _calendar(path: Path | None) -> WorkCalendar | None:
    from lianzhang.engines.casework import WorkCalendar, read_calendar

    if path is None:
        return WorkCalendar()
    text, findings = _text(path)
    calendar = None
    if text is not None:
        calendar, findings = read_calendar(text.splitlines())
    _complain(path, findings)
    return calendar


def _histories(path: Path) -> Histories | None:
    from lianzhang.engines.casework import Finding, read_events

    text, findings = _text(path)
    if text is None:
        _complain(path, findings)
        return None
    found = read_events(text.split("\n"))
    if not found.matters and not found.findings:
        found.findings.append(Finding("no event", "one JSON object a line", line=1))
    _complain(path, found.findings)
    return found


def _text(path: Path) -> tuple[str | None, list[Finding]]:
    """The text of a file, or None and why it cannot be read."""
    from lianzhang.engines.casework import Finding

    try:
        raw = path.read_bytes()
        return raw.decode("utf-8-sig"), []
    except OSError as error:
        return None, [Finding(f"cannot be read: {error.strerror}", "a readable file", line=1)]
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [Finding(f"byte {raw[error.start]:#04x} is no UTF-8", "UTF-8", line=line)]


def _complain(path: Path, findings: list[Finding]) -> None:
    for finding in findings:
        print(finding.render(str(path)), file=sys.stderr)


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "line": finding.line,
        "severity": finding.severity,
        "path": ".".join(str(part) for part in finding.path),
        "what": finding.what,
        "expected": finding.expected,
    }


def _status(good: int, total: int) -> int:
    return DONE if good == total else PART if good else NOTHING


def main(argv: list[str] | None = None) -> int:
    """Run the casework commands alone, as ``python -m lianzhang.cli_casework``."""
    parser = argparse.ArgumentParser(prog="lianzhang")
    register(parser.add_subparsers(dest="command", metavar="COMMAND", required=True))
    args = parser.parse_args(argv)
    return int(args.run(args))


if __name__ == "__main__":
    sys.exit(main())
