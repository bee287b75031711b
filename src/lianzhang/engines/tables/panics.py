"""Failures of readers written in other languages become refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .model import TableError


def broken(name: str, error: object) -> TableError:
    """The refusal of a damaged file."""
    return TableError("broken_file", f"{name} is damaged: {error}.", "Save it again and send it once more.")


@contextmanager
def refusing(name: str, *expected: type[Exception]) -> Iterator[None]:
    """Turn the expected exceptions and any panic inside into TableError `broken_file`."""
    failures: tuple[type[Exception], ...] = (*expected, OSError, ValueError)
    try:
        yield
    except failures as error:
        raise broken(name, error) from error
    except BaseException as error:
        # A panic is no Exception and has no importable class.
        if type(error).__name__ != "PanicException":
            raise
        raise broken(name, "its parts contradict each other") from error
