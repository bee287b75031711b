"""A finding: a mistake in a file, with its place, what is wrong and what was expected."""

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """``path`` leads through the file's keys; ``line`` is 1-based, None where the source had no lines."""

    what: str
    expected: str
    path: tuple[str | int, ...] = ()
    line: int | None = None
    severity: str = ERROR

    def render(self, file: str) -> str:
        """One line ``file:line: what, expected ...`` as every command prints it."""
        mark = "warning: " if self.severity == WARNING else ""
        where = ".".join(str(part) for part in self.path)
        return f"{file}:{self.line or 1}: {mark}{where + ': ' if where else ''}{self.what}, expected {self.expected}"


def errors(findings: list[Finding]) -> list[Finding]:
    """Only the findings that make a file unusable."""
    return [finding for finding in findings if finding.severity == ERROR]
