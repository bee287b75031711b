"""What an updated row changes, field by field, and whose word stood there before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lianzhang.kernel.imports.dataset import Change
from lianzhang.kernel.masking import Sight


def changes(
    now: Mapping[str, Any],
    before: Mapping[str, Any],
    source: str,
    others: Mapping[str, Mapping[str, Any]] | None = None,
    period: str = "",
    sight: Sight | None = None,
) -> list[Change]:
    """A change for each field of `now` that `source` did not say like that `before`.

    Where this source said nothing yet, the first of the `others` that did is told as the earlier word, with its name.
    What was said before is told so far as it is in `sight`.
    """
    sight, out = sight or Sight(), []
    for name, value in now.items():
        if name in before:
            if before[name] != value:
                out.append(Change(name, sight.show(name, before[name]), value, source, period))
            continue
        other = next((who for who, said in (others or {}).items() if name in said), "")
        earlier = sight.show(name, (others or {})[other][name]) if other else None
        out.append(Change(name, earlier, value, other, period))
    return out
