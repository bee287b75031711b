"""The pages as each role meets them."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from django.utils.translation import override

from lianzhang.domains.chains import services
from lianzhang.domains.chains.models import Chain, Scenario, Segment
from lianzhang.domains.chains.tests.town import EAST, WEST, Town
from lianzhang.kernel.jobs import runner
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db
CHAIN = "/chains/smart_equipment/"


@pytest.fixture
def steel(town: Town) -> Segment:
    """A segment that holds steel, chips and vehicles."""
    from lianzhang.domains.chains import placement

    segment = Segment.objects.create(
        chain=Chain.objects.get(), code="metal", zh="钢材", position="up", order=9, prefixes=["31"]
    )
    Segment.objects.create(
        chain=segment.chain, code="cars", zh="整车", position="down", order=10, prefixes=["3611"]
    )
    placement.refresh()
    return segment


def text(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def test_every_part_of_the_chain_page_opens(signed_in: Callable[..., Any], steel: Segment) -> None:
    client = signed_in("chain_office")
    for path in (
        "/chains/",
        CHAIN,
        CHAIN + "stuck/",
        CHAIN + "missing/",
        CHAIN + "matters/",
        "/risk/",
        "/what-if/",
    ):
        assert client.get(path).status_code == 200, path
    page = text(client.get(CHAIN + "?segment=metal"))
    listed = page[page.index('id="firms"') :]
    assert "云溪A厂" in listed
    assert "云溪E厂" not in listed
    assert client.get("/chains/none/").status_code == 404


def test_a_segment_opens_into_its_firms_and_their_partners(
    signed_in: Callable[..., Any], steel: Segment, town: Town
) -> None:
    client = signed_in("chain_office")
    page = client.get(CHAIN)
    nodes = page.context["graph"].option["series"][0]["data"]
    assert "?segment=metal" in [node["url"] for node in nodes]
    assert [row.url for row in page.context["parts"]["rows"] if row.cells[0].value == "钢材"] == [
        "?segment=metal"
    ]
    opened = client.get(CHAIN + "?segment=metal")
    drawn = opened.context["graph"].option["series"][0]
    by_layer = {node["name"]: node["x"] for node in drawn["data"]}
    assert by_layer["云溪D厂"] < by_layer["云溪A厂"] == by_layer["云溪B厂"] < by_layer["云溪E厂"]
    assert {node["url"] for node in drawn["data"]} >= {f"/enterprises/{town.firms['A'].pk}/"}
    pairs = {(edge["source"], edge["target"]) for edge in drawn["links"]}
    assert (str(town.firms["A"].pk), str(town.firms["E"].pk)) in pairs
    assert f'href="/enterprises/{town.firms["A"].pk}/"' in text(opened), (
        "the table beside the drawing leads on too"
    )
    assert client.get(CHAIN + "?segment=nothing").context["opened"] is None


def test_an_opened_segment_keeps_neighbours_and_figures_from_those_who_may_not_see_them(
    signed_in: Callable[..., Any], steel: Segment
) -> None:
    east = signed_in("district_officer", area=EAST).get(CHAIN + "?segment=metal")
    assert {n["name"] for n in east.context["graph"].option["series"][0]["data"]} == {"云溪A厂", "云溪B厂"}
    liaison = signed_in("liaison").get(CHAIN + "?segment=metal")
    sizes = {n["symbolSize"] for n in liaison.context["graph"].option["series"][0]["data"]}
    assert len(sizes) == 1, "who may not know figures learns none from the size of a node"
    assert liaison.context["graph"].option["series"][0]["links"] == []
    assert "云溪A厂" not in text(signed_in("bank").get(CHAIN + "?segment=metal"))


def test_tables_of_one_page_are_ordered_each_for_itself(signed_in: Callable[..., Any], town: Town) -> None:
    client = signed_in("chain_office")
    run = services.open_scenario(
        actor=SYSTEM,
        title="x",
        stops=[{"kind": "enterprise", "id": town.firms["A"].pk, "label": "A"}],
        loss=1,
    )
    runner.run_job(run.job_id)
    address = f"/what-if/{run.scenario_id}/"
    page = client.get(address + "?chains-sort=hit&sort=name").context
    assert page["losses"].sort == "name"
    sorted_by = {c.code: c.sorted for c in page["by_chain"]["columns"]}
    assert sorted_by["hit"] == "asc"
    assert not any(c.sorted for c in page["by_district"]["columns"])
    link = next(c.sort_url for c in page["by_district"]["columns"] if c.code == "loss")
    assert link == "?chains-sort=hit&sort=name&districts-sort=-loss#by-district"
    names = [row.cells[0].value for row in page["losses"].rows]
    assert names == sorted(names)
    assert 'name="chains-sort" value="hit"' in text(client.get(address + "?chains-sort=hit")), (
        "a filter keeps it"
    )
    district = text(client.get(address + "?districts-sort=loss&format=csv&table=by-district")).splitlines()
    losses = [float(line.split(",")[3]) for line in district[1:] if line.count(",") >= 6]
    assert len(losses) == 2
    assert losses == sorted(losses), "the file has the order that is seen"


def test_the_model_is_named_in_words_and_its_exact_version_is_at_hand(
    signed_in: Callable[..., Any], town: Town
) -> None:
    run = services.open_scenario(
        actor=SYSTEM,
        title="x",
        stops=[{"kind": "enterprise", "id": town.firms["A"].pk, "label": "A"}],
        loss=1,
    )
    runner.run_job(run.job_id)
    run.refresh_from_db()
    page = signed_in("chain_office").get(f"/what-if/{run.scenario_id}/")
    assert "network" not in page.context["map"].source
    assert f"网络风险 {version('lianzhang')}" in page.context["map"].source
    assert f'title="{run.engine_version}"' in text(page)


def test_the_pages_stand_without_any_data(signed_in: Callable[..., Any]) -> None:
    client = signed_in("chain_office")
    for path in ("/chains/", CHAIN, CHAIN + "stuck/", CHAIN + "missing/", "/risk/", "/what-if/"):
        assert client.get(path).status_code == 200, path


def test_a_district_sees_its_own_firms_only_and_is_told(
    signed_in: Callable[..., Any], steel: Segment
) -> None:
    with override("en"):
        east = signed_in("district_officer", area=EAST)
        east.cookies["django_language"] = "en"
        page = text(east.get(CHAIN))
    assert "云溪A厂" in page
    assert "云溪E厂" not in page
    assert "only the enterprises you may see are counted" in page
    rows = text(east.get("/chains/?format=csv")).splitlines()
    west = text(signed_in("district_officer", area=WEST).get("/chains/?format=csv")).splitlines()
    assert rows[1].split(",")[2] == "2"
    assert west[1].split(",")[2] == "2"


@pytest.mark.parametrize(
    "role", ["enterprise", "district_officer", "bank", "liaison", "statistician", "desk_officer"]
)
def test_risk_and_scenarios_do_not_exist_for_others(
    signed_in: Callable[..., Any], town: Town, role: str
) -> None:
    run = services.open_scenario(
        actor=SYSTEM, title="x", stops=[{"kind": "district", "id": WEST, "label": "w"}], loss=1
    )
    runner.run_job(run.job_id)
    client = signed_in(
        role,
        area=EAST if role == "district_officer" else None,
        enterprise=town.firms["A"] if role == "enterprise" else None,
    )
    for path in (
        "/risk/",
        "/what-if/",
        f"/what-if/{run.scenario_id}/",
        f"/what-if/runs/{run.pk}/losses.parquet",
        f"/what-if/compare/?a={run.scenario_id}&b={run.scenario_id}",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post("/risk/compute/").status_code == 404


def test_an_enterprise_has_no_chain_page_but_its_own_partners(
    signed_in: Callable[..., Any], town: Town
) -> None:
    client = signed_in("enterprise", enterprise=town.firms["E"])
    assert client.get("/chains/").status_code == 404
    page = text(client.get(f"/enterprises/{town.firms['E'].pk}/"))
    assert "云溪A厂" in page
    assert f'href="/enterprises/{town.firms["A"].pk}/"' not in page
    assert client.get(f"/enterprises/{town.firms['A'].pk}/").status_code == 404


def test_a_bank_learns_no_counts(signed_in: Callable[..., Any], steel: Segment) -> None:
    rows = text(signed_in("bank").get("/chains/?format=csv")).splitlines()
    assert rows[1].split(",")[2:7] == [""] * 5, "what a post may not know is unknown, not zero"


def test_a_risk_run_from_the_button_to_the_table(signed_in: Callable[..., Any], town: Town) -> None:
    from lianzhang.domains.chains.models import RiskRun

    client = signed_in("chain_office")
    assert client.post("/risk/compute/").status_code == 302
    run = RiskRun.objects.get()
    assert f"/risk/{run.pk}/progress/" in text(client.get("/risk/"))
    runner.run_job(run.job_id)
    assert client.get(f"/risk/{run.pk}/progress/").headers["HX-Redirect"] == "/risk/"
    page = text(client.get("/risk/"))
    assert page.index("云溪E厂") < page.index("云溪A厂")
    assert run.job.title
    exported = text(client.get("/risk/?format=csv")).splitlines()
    assert exported[1].split(",")[0] == "云溪E厂"


def test_a_question_is_chosen_asked_answered_compared(signed_in: Callable[..., Any], town: Town) -> None:
    client = signed_in("chain_office")
    plant, mill = town.firms["E"], town.firms["A"]
    page = text(client.get(f"/what-if/?q=云溪E&stop={mill.ref}"))
    assert f'value="{plant.ref}"' in page
    assert "云溪A厂" in page
    response = client.post(
        "/what-if/new/", {"stop": [plant.ref, f"district:{EAST}"], "loss": "50", "title": ""}
    )
    scenario = Scenario.objects.get()
    assert response.headers["Location"] == f"/what-if/{scenario.pk}/"
    assert (scenario.loss, len(scenario.stops)) == (0.5, 2)
    assert "progress" in text(client.get(f"/what-if/{scenario.pk}/"))
    runner.run_job(scenario.runs.get().job_id)
    assert "云溪D厂" in text(client.get(f"/what-if/{scenario.pk}/"))
    assert client.post(f"/what-if/{scenario.pk}/again/").status_code == 302
    runner.run_job(scenario.runs.first().job_id)
    assert scenario.runs.filter(finished=True).count() == 2
    assert client.get(f"/what-if/compare/?a={scenario.pk}&b={scenario.pk}").status_code == 200
    assert text(client.get(f"/what-if/{scenario.pk}/?format=csv")).count("厂") >= 5
    parquet = client.get(f"/what-if/runs/{scenario.runs.first().pk}/losses.parquet")
    assert next(iter(parquet.streaming_content))[:4] == b"PAR1"


@pytest.mark.parametrize(
    "data",
    [
        {"loss": "50"},
        {"loss": "abc", "stop": "district:449801"},
        {"loss": "0", "stop": "district:449801"},
        {"loss": "101", "stop": "district:449801"},
        {"loss": "nan", "stop": "district:449801"},
        {"loss": "100", "stop": "enterprise:99999999"},
        {"loss": "100", "stop": "enterprise:x"},
        {"loss": "100", "stop": "nonsense"},
    ],
)
def test_a_wrong_question_is_explained_and_nothing_is_kept(
    signed_in: Callable[..., Any], town: Town, data: dict[str, str]
) -> None:
    response = signed_in("chain_office").post("/what-if/new/", data)
    assert response.status_code == 422
    assert "lz-summary" in text(response)
    assert Scenario.objects.count() == 0


def test_the_registry_list_filters_by_chain(signed_in: Callable[..., Any], steel: Segment) -> None:
    page = text(signed_in("chain_office").get("/enterprises/?chain=smart_equipment"))
    assert "云溪A厂" in page
    assert "云溪C厂" not in page


def test_search_and_references_know_chains(steel: Segment, actor: Callable[..., Any]) -> None:
    from lianzhang.kernel import refs, search

    reader = actor("chain_office")
    assert [hit.url for _, hits in search.search("钢材", reader) for hit in hits] == [CHAIN]
    assert refs.resolve("chain:smart_equipment", reader).url == CHAIN
    assert refs.resolve("chain:smart_equipment", actor("enterprise")) is None
