"""Two entries become one firm and are taken apart again: nothing is lost, nothing is left behind."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lianzhang.city.models import Membership
from lianzhang.city.services import actor_of_user
from lianzhang.engines.tables import make_uscc
from lianzhang.kernel import refs
from lianzhang.kernel.imports import command, deliver
from lianzhang.kernel.models import Event, Import
from lianzhang.kernel.scope import SYSTEM
from lianzhang.kernel.search import search
from lianzhang.registry import merged
from lianzhang.registry.models import Enterprise, Filing, Merge, Title, YearFacts
from lianzhang.registry.services import merging
from lianzhang.registry.services.errors import Refused

pytestmark = pytest.mark.django_db
CODES = [make_uscc("91", "449900", f"MG{i:06d}") for i in range(3)]
COLUMNS = [
    f.attname for f in Enterprise._meta.local_concrete_fields if f.attname not in ("id", "origin", "conflicts")
]  # fmt: skip


class Rollback(Exception):
    """Ends an example without a trace."""


def take(folder: Path, number: int, dataset: str, text: str, source: str) -> Any:
    path = folder / f"{number}.csv"
    path.write_text(text, encoding="utf-8")
    return command.import_file(path, dataset, SYSTEM, source=source, period="2022")


def roster(*rows: tuple[int, str, str, str]) -> str:
    return "uscc,name,district,revenue\n" + "".join(f"{CODES[i]},{n},{d},{r}\n" for i, n, d, r in rows)


def firm(i: int) -> Enterprise:
    return Enterprise.objects.get(uscc=CODES[i])


@pytest.fixture
def three(catalogue: Any, tmp_path: Path) -> None:
    take(
        tmp_path,
        1,
        "enterprises",
        roster((0, "云溪甲有限公司", "东岸区", "100"), (1, "云溪甲厂", "西岭区", "")),
        "district",
    )
    take(tmp_path, 2, "filings", f"uscc,employees\n{CODES[0]},7\n{CODES[1]},9\n", "tax")
    take(tmp_path, 3, "enterprises", roster((2, "云溪丙有限公司", "东岸区", "50")), "market")


def state() -> list[Any]:
    """Everything shown of every entry, with the value and the delivery behind each figure."""
    years = ("enterprise__uscc", "year", "revenue", "employees", "rd_staff", "other", "origin", "conflicts")
    firms = [
        {n: getattr(e, n) for n in COLUMNS} | {"origin": e.origin, "conflicts": e.conflicts}
        for e in Enterprise.objects.filter(registered=True).order_by("uscc")
    ]
    return [firms, list(YearFacts.objects.order_by("enterprise__uscc", "year").values_list(*years)),
            list(Title.objects.order_by("id").values_list("enterprise_id", "title", "current"))]  # fmt: skip


@pytest.mark.usefixtures("three")
def test_the_survivor_shows_what_was_said_of_both_and_nothing_is_rewritten() -> None:
    before = list(Filing.objects.order_by("id").values())
    merging.merge(actor=SYSTEM, absorbed=firm(1), into=firm(0), reason="同一企业")
    shown, gone = firm(0), firm(1)
    assert list(Filing.objects.order_by("id").values()) == before
    assert (shown.name, shown.former_names, shown.former_codes) == (
        "云溪甲有限公司",
        ["云溪甲厂"],
        [CODES[1]],
    )
    assert (gone.registered, gone.survivor_id, gone.area_path) == (False, shown.pk, shown.area_path)
    year = YearFacts.objects.get(year=2022, enterprise=shown)
    # Its own figure stands; what the other entry said beside it stays visible.
    assert (year.revenue, year.employees) == (100, 7)
    assert [c[:2] for c in year.conflicts["employees"]] == [["tax", 9]]
    assert not YearFacts.objects.filter(enterprise=gone).exists()
    assert list(Event.objects.filter(subject=shown.ref).values_list("verb", flat=True)) == ["merged_in"]
    assert list(Event.objects.filter(subject=gone.ref).values_list("verb", flat=True)) == ["merged_away"]


@pytest.mark.usefixtures("three")
def test_old_codes_names_references_and_addresses_lead_to_the_survivor(signed_in: Any) -> None:
    merging.merge(actor=SYSTEM, absorbed=firm(1), into=firm(0), reason="同一企业")
    shown = firm(0)
    for text in (CODES[1], "云溪甲厂"):
        hits = [hit for _, found in search(text, SYSTEM) for hit in found]
        assert [h.url for h in hits] == [shown.get_absolute_url()], text
    target = refs.resolve(firm(1).ref, SYSTEM)
    assert target is not None
    assert target.url == shown.get_absolute_url()
    client = signed_in("data_officer", org="gxj-data")
    answer = client.get(f"/enterprises/{firm(1).pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, shown.get_absolute_url())
    assert client.get(f"/api/v1/enterprises/{firm(1).pk}").json()["id"] == shown.pk


@pytest.mark.usefixtures("three")
def test_accounts_of_either_entry_see_the_firm_and_are_parted_again(account: Any) -> None:
    user = account("enterprise", enterprise=firm(1))
    row = merging.merge(actor=SYSTEM, absorbed=firm(1), into=firm(0), reason="同一企业")
    actor = actor_of_user(user)
    assert actor.scope.enterprise_id == firm(0).pk
    assert set(Filing.objects.visible_to(actor).values_list("enterprise_id", flat=True)) == {
        firm(0).pk,
        firm(1).pk,
    }
    assert Membership.objects.get(user=user).enterprise_id == firm(1).pk
    merging.unmerge(actor=SYSTEM, merge=row, reason="弄错了")
    actor = actor_of_user(user)
    assert actor.scope.enterprise_id == firm(1).pk
    assert set(Filing.objects.visible_to(actor).values_list("enterprise_id", flat=True)) == {firm(1).pk}


@pytest.mark.usefixtures("three")
def test_the_district_of_the_survivor_sees_both_the_other_one_neither(actor: Any) -> None:
    east, west = actor("district_officer", area="449801"), actor("district_officer", area="449802")
    assert [Filing.objects.visible_to(a).filter(enterprise=firm(1)).count() for a in (east, west)] == [0, 2]
    row = merging.merge(actor=SYSTEM, absorbed=firm(1), into=firm(0), reason="同一企业")
    assert [Filing.objects.visible_to(a).filter(enterprise=firm(1)).count() for a in (east, west)] == [2, 0]
    merging.unmerge(actor=SYSTEM, merge=row, reason="弄错了")
    assert [Filing.objects.visible_to(a).filter(enterprise=firm(1)).count() for a in (east, west)] == [0, 2]


@pytest.mark.usefixtures("three")
def test_chains_of_merges_and_no_cycles() -> None:
    first = merging.merge(actor=SYSTEM, absorbed=firm(0), into=firm(1), reason="甲即乙")
    with pytest.raises(Refused):  # a circle
        merging.merge(actor=SYSTEM, absorbed=firm(1), into=firm(0), reason="乙即甲")
    second = merging.merge(actor=SYSTEM, absorbed=firm(1), into=firm(2), reason="乙即丙")
    assert merged.whole(firm(0).pk) == (firm(2).pk, firm(0).pk, firm(1).pk)
    assert firm(2).former_codes == sorted(CODES[:2])
    # The lower one comes out first, then the upper: in either order all stand as before.
    merging.unmerge(actor=SYSTEM, merge=first, reason="弄错了")
    assert (firm(0).survivor_id, firm(1).survivor_id) == (None, firm(2).pk)
    assert firm(2).former_codes == [CODES[1]]
    merging.unmerge(actor=SYSTEM, merge=second, reason="弄错了")
    assert [firm(i).former_codes for i in range(3)] == [[], [], []]
    with pytest.raises(Refused):
        merging.unmerge(actor=SYSTEM, merge=second, reason="再来")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("role", "where"),
    [("district_officer", {"area": "449801"}), ("liaison", {}), ("director", {"org": "gxj"})],
)
def test_only_who_may(role: str, where: dict[str, str], actor: Any) -> None:
    with pytest.raises(Refused):
        merging.merge(actor=actor(role, **where), absorbed=firm(1), into=firm(0), reason="同一企业")
    assert not Merge.objects.exists()


@pytest.mark.usefixtures("three")
def test_a_reason_is_required_and_nobody_is_his_own_double() -> None:
    for args in (
        {"absorbed": firm(1), "into": firm(0), "reason": " "},
        {"absorbed": firm(0), "into": firm(0), "reason": "x"},
    ):
        with pytest.raises(Refused):
            merging.merge(actor=SYSTEM, **args)
    assert not Event.objects.filter(verb__startswith="merged").exists()


steps = st.lists(
    st.one_of(
        st.tuples(st.just("roster"), st.integers(0, 2), st.sampled_from(["district", "tax"]), st.sampled_from(["东岸区", "西岭区"]), st.sampled_from(["", "100", "200"])),
        st.tuples(st.just("facts"), st.integers(0, 2), st.sampled_from(["district", "tax"]), st.sampled_from(["3", "4"])),
        st.tuples(st.just("title"), st.integers(0, 2)),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("merge"), st.integers(0, 2), st.integers(0, 2)),
        st.tuples(st.just("unmerge"), st.integers(0, 3)),
    ),
    min_size=2, max_size=8,
)  # fmt: skip


def play(folder: Path, plan: list[tuple[Any, ...]], merges: bool) -> list[tuple[int, bool]]:
    """Everything of a plan; without `merges` as if nobody had ever decided. In the end all that still holds is taken back. Returns
    what was accepted of each delivery."""
    accepted: list[tuple[int, bool]] = []
    applied: list[int] = []
    rows: list[Merge] = []
    for number, (what, *args) in enumerate(plan):
        report = None
        if what == "roster":
            i, source, district, revenue = args
            report = take(
                folder,
                number,
                "enterprises",
                roster((i, f"云溪{i}号{number}有限公司", district, revenue)),
                source,
            )
        elif what == "facts":
            report = take(folder, number, "filings", f"uscc,employees\n{CODES[args[0]]},{args[2]}\n", args[1])
        elif what == "title":
            report = take(folder, number, "titles", f"uscc,title\n{CODES[args[0]]},专精特新\n", "titles")
        elif what == "undo":
            if applied:
                deliver.undo(Import.objects.get(pk=applied.pop(args[0] % len(applied))), SYSTEM)
        elif merges:
            decide(what, args, rows)
        if report is not None:
            accepted.append((report.accepted, report.import_id is not None))
        if report is not None and report.import_id is not None:
            applied.append(report.import_id)
    for row in reversed([r for r in rows if Merge.objects.filter(pk=r.pk, undone_at__isnull=True).exists()]):
        merging.unmerge(actor=SYSTEM, merge=row, reason="弄错了")
    return accepted


def decide(what: str, args: list[int], rows: list[Merge]) -> None:
    if what == "unmerge" and rows:
        try:
            merging.unmerge(actor=SYSTEM, merge=rows[args[0] % len(rows)], reason="弄错了")
        except Refused:
            return
    elif what == "merge":
        known = {e.uscc: e for e in Enterprise.objects.all()}
        pair = [known.get(CODES[i]) for i in args]
        if all(pair):
            try:
                rows.append(merging.merge(actor=SYSTEM, absorbed=pair[0], into=pair[1], reason="同一企业"))
            except Refused:
                return


@pytest.mark.usefixtures("catalogue")
@settings(
    max_examples=max(30, settings.default.max_examples // 4),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_merging_and_taking_back_leaves_no_trace(plan: list[tuple[Any, ...]]) -> None:
    """Whatever came, was taken back, merged and parted in between."""
    plan = [("roster", 0, "district", "东岸区", "100"), ("roster", 1, "tax", "西岭区", ""), *plan]
    seen, accepted = [], []
    with tempfile.TemporaryDirectory() as name:
        for merges in (True, False):
            try:
                with transaction.atomic():
                    Import.objects.all().delete()
                    accepted.append(play(Path(name), plan, merges))
                    seen.append(_without_numbers(state()))
                    raise Rollback
            except Rollback:
                pass
    # What is accepted of an entry nobody registers only because it is shown under another is new, not a trace.
    assume(accepted[0] == accepted[1])
    assert seen[0] == seen[1]


def _without_numbers(found: list[Any]) -> list[Any]:
    """Ids differ between two runs (a sequence never goes back): each is replaced by its place in the order."""
    filings = {pk: n for n, pk in enumerate(Filing.objects.order_by("id").values_list("pk", flat=True))}
    ids = {pk: code for pk, code in Enterprise.objects.values_list("pk", "uscc")}

    def numbered(origin: dict[str, int]) -> dict[str, int]:
        return {k: filings[v] for k, v in origin.items()}

    def told(conflicts: dict[str, Any]) -> dict[str, Any]:
        return {k: [[s, v, filings[f]] for s, v, f in rows] for k, rows in conflicts.items()}

    firms = [{**f, "origin": numbered(f["origin"]), "conflicts": told(f["conflicts"])} for f in found[0]]
    years = [[*y[:6], numbered(y[6]), told(y[7])] for y in found[1]]
    return [firms, years, [[ids[pk], *rest] for pk, *rest in found[2]]]


def test_dates_of_the_clock_are_used(catalogue: Any, enterprise: Any) -> None:
    a, b = enterprise("甲"), enterprise("乙")
    row = merging.merge(actor=SYSTEM, absorbed=a, into=b, reason="同一企业")
    assert row.at.date() == date(2023, 4, 10)
