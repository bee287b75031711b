"""Which backups stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lianzhang.site.operations import keep


def test_of_two_years_of_nightly_backups_the_days_weeks_and_months_stay(tmp_path: Path) -> None:
    last = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
    for day in range(730):
        (tmp_path / keep.name("my city", last - timedelta(days=day), sealed=day % 2 == 0)).touch()
    (tmp_path / "lianzhang-other-20200101T000000Z.tar.gz").touch()
    (tmp_path / "notes.txt").touch()
    keep.prune(tmp_path, "my city")
    kept = sorted(m for p in tmp_path.iterdir() if (m := keep.moment_of(p, "my city")))
    days = [(last - m).days for m in kept]
    assert set(range(7)) <= set(days)
    assert len({m.strftime("%Y-%m") for m in kept}) == 12
    assert len({m.strftime("%G-%V") for m in kept}) >= 4
    assert len(kept) <= 7 + 4 + 12
    assert (tmp_path / "lianzhang-other-20200101T000000Z.tar.gz").exists()
    assert (tmp_path / "notes.txt").exists()
    assert keep.newest(tmp_path, "my city") == tmp_path / keep.name("my city", last, sealed=True)


@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1)), min_size=1, max_size=60))
def test_the_newest_stays_and_pruning_twice_is_pruning_once(moments: list[datetime]) -> None:
    kept = keep.stays(moments)
    assert max(moments) in kept
    assert keep.stays(sorted(kept)) == kept
