"""A restore killed anywhere leaves the old content or the new one, never a mixture."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from lianzhang.site.operations import swap


class Killed(BaseException):
    """The process ends here."""


def prepare(home: Path) -> None:
    home.mkdir()
    for name in ("db.sqlite3", "db.sqlite3-wal", "secret.key", "running.lock"):
        (home / name).write_text(f"old {name}")
    (home / "files").mkdir()
    (home / "files" / "a").write_text("old a")
    (home / "backups").mkdir()
    (home / "backups" / "b").write_text("stays")
    new = swap.fresh(home)
    for name in ("db.sqlite3", "secret.key"):
        (new / name).write_text(f"new {name}")
    (new / "files").mkdir()
    (new / "files" / "c").write_text("new c")


def content(home: Path) -> dict[str, str]:
    return {
        p.relative_to(home).as_posix(): p.read_text()
        for p in sorted(home.rglob("*")) if p.is_file() and swap.PLACE not in p.parts
    }  # fmt: skip


NEW = {
    "backups/b": "stays", "db.sqlite3": "new db.sqlite3", "files/c": "new c", "running.lock": "old running.lock",
    "secret.key": "new secret.key",
}  # fmt: skip


@pytest.mark.parametrize("step", range(1, 12))
def test_killed_at_any_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    home = tmp_path / "home"
    prepare(home)
    old = content(home)
    count = 0
    rename = Path.rename

    def until(self: Path, target: Any) -> Path:
        nonlocal count
        count += 1
        if count == step:
            raise Killed
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", until)
        with contextlib.suppress(Killed):
            swap.commit(home)
    decided = (home / swap.PLACE / "swap").exists() or count < step
    swap.finish(home)
    assert content(home) == (NEW if decided else old)
    if decided:
        assert not (home / swap.PLACE).exists()


def test_finish_without_a_swap_does_nothing(tmp_path: Path) -> None:
    assert swap.finish(tmp_path) is False
    assert list(tmp_path.iterdir()) == []
