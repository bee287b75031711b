"""Everything the process files name has words in Chinese."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from lianzhang.casework import processes, words
from lianzhang.casework.fields import of_move, of_opening

pytestmark = pytest.mark.django_db
HAN = range(0x4E00, 0x9FFF)


def is_chinese(text: str) -> bool:
    return any(ord(c) in HAN for c in text)


def test_names_of_the_shipped_processes_are_chinese(catalogue: Any) -> None:
    with translation.override("zh-hans"):
        for kind, title in processes.kinds():
            process = processes.process(kind)
            asked = [*of_opening(process)] + [a for move in process.moves for a in of_move(process, move)]
            texts = [title, *(a.title for a in asked), *(words.choice(v) for a in asked for v in a.of)]
            for names in (process.states, process.moves, process.clocks):
                texts += [processes.title_of(each, name) for name, each in names.items()]
            texts += [words.role(r) for m in process.moves.values() for r in m.by]
            assert [text for text in texts if not is_chinese(text)] == []


def test_the_messages_are_complete() -> None:
    import sys

    root = Path(__file__).parents[4]
    sys.path.insert(0, str(root / "tools"))
    import msgids

    assert msgids.missing()["casework"] == []
