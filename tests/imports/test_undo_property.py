"""Whatever was imported and taken back in whatever order: the state is that of the imports that still hold."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports import command, dataset, deliver
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM

CODES = [make_uscc("91", "449900", f"MC{i:06d}") for i in range(3)]
SOURCES = ("district", "tax")


class Rollback(Exception):
    """Ends an example without a trace."""


roster_rows = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["甲厂", "乙厂"]), st.sampled_from(["", "100", "200"])),
    min_size=1,
    max_size=3,
)
fact_rows = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["", "5", "6"]), st.sampled_from(["", "7"])),
    min_size=1,
    max_size=3,
)
deliveries = st.one_of(
    st.tuples(st.just("enterprises"), st.sampled_from(SOURCES), roster_rows),
    st.tuples(st.just("filings"), st.sampled_from(SOURCES), fact_rows),
    st.tuples(st.just("titles"), st.sampled_from(SOURCES), st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["省级", "国家级"])), min_size=1, max_size=2)),
    st.tuples(st.just("indicators"), st.sampled_from(SOURCES), st.lists(st.tuples(st.sampled_from(["2021", "2022"]), st.integers(1, 3), st.integers(1, 2)), min_size=1, max_size=2)),
)  # fmt: skip


def text_of(code: str, rows: list[tuple[Any, ...]]) -> str:
    """The file of a delivery."""
    if code == "enterprises":
        return "uscc,name,revenue\n" + "".join(
            f"{CODES[i]},云溪{name}有限公司,{money}\n" for i, name, money in rows
        )
    if code == "filings":
        return "uscc,employees,rd_staff\n" + "".join(f"{CODES[i]},{a},{b}\n" for i, a, b in rows)
    if code == "titles":
        return "uscc,title,level,batch\n" + "".join(
            f"{CODES[i]},专精特新,{level},第一批\n" for i, level in rows
        )
    return "indicator,period,value,vintage\n" + "".join(f"gdp,{p},{v},2023-0{m}-01\n" for p, v, m in rows)


def take(folder: Path, number: int, delivery: tuple[str, str, list[tuple[Any, ...]]]) -> Any:
    """Import one delivery."""
    code, source, rows = delivery
    path = folder / f"{number}.csv"
    path.write_text(text_of(code, rows), encoding="utf-8")
    return command.import_file(
        path, code, SYSTEM, source=source, period="2022" if code in ("enterprises", "filings") else None
    )


def state() -> dict[str, Any]:
    """Everything the exports show."""
    out = {}
    for code in ("enterprises", "filings", "titles", "indicators"):
        columns, rows = dataset.get(code).export(SYSTEM)
        out[code] = [dict(zip(columns, row, strict=True)) for row in rows]
    return out


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
@settings(
    max_examples=max(25, settings.default.max_examples // 30),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(deliveries, min_size=1, max_size=5), st.data())
def test_the_state_is_that_of_the_imports_that_still_hold(plan: list[Any], data: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seen = []
        for keep_all in (False, True):
            try:
                with transaction.atomic():
                    if not keep_all:
                        reports = [take(folder, i, d) for i, d in enumerate(plan)]
                        applied = [i for i, r in enumerate(reports) if r.import_id is not None]
                        gone = data.draw(
                            st.lists(st.sampled_from(applied), unique=True) if applied else st.just([])
                        )
                        # Facts about an enterprise that nobody had delivered would have been refused: so where a
                        # second roster brings it back, the first one stays.
                        rosters = [d[0] for d in plan].count("enterprises")
                        gone = [i for i in gone if plan[i][0] != "enterprises" or rosters == 1]
                        for i in gone:
                            deliver.undo(Import.objects.get(pk=reports[i].import_id), SYSTEM)
                    else:
                        for i, each in enumerate(plan):
                            if i not in gone:
                                take(folder, i, each)
                    seen.append(state())
                    raise Rollback
            except Rollback:
                pass
        assert seen[0] == seen[1]
