"""A list under a name: filters, order and columns; shared with the office; each reader sees his own rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from lianzhang.kernel import views_saved
from lianzhang.kernel.models import Event, SavedView

pytestmark = pytest.mark.django_db


def save(
    client: Any, name: str = "东岸大户", query: str = "district=449801&sort=-revenue&page=3", **more: str
) -> Any:
    return client.post(
        "/views/save/",
        {"listing": "enterprises", "path": "/enterprises/", "query": query, "name": name, **more},
    )


def test_a_view_keeps_filters_order_and_columns_not_the_page(signed_in: Any, enterprise: Any) -> None:
    enterprise("东岸企业", district="449801"), enterprise("西岭企业", district="449802")
    client = signed_in("data_officer", org="gxj-data")
    answer = save(client, without="uscc,year,<b>")
    row = SavedView.objects.get()
    assert row.query == "district=449801&sort=-revenue&without=uscc,year"
    assert answer.headers["Location"] == f"/enterprises/?{row.query}&view={row.pk}"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "东岸企业" in page
    assert "西岭企业" not in page
    assert "东岸大户" in page
    # The file has the columns of the view.
    head = (
        b"".join(client.get(f"/enterprises/?{row.query}&format=csv").streaming_content)
        .decode()
        .splitlines()[0]
    )
    assert "信用代码" not in head
    assert Event.objects.filter(subject=f"view:{row.pk}", verb="view_saved").count() == 1
    save(client, query="district=449802")
    assert SavedView.objects.get().query.startswith("district=449802")


def test_every_list_has_it(signed_in: Any) -> None:
    client = signed_in("data_officer", org="gxj-data")
    for where in ("/enterprises/", "/jobs/", "/imports/", "/matters/", "/duplicates/", "/plants/"):
        assert 'action="/views/save/"' in client.get(where).content.decode(), where


def test_shared_with_the_office_and_nobody_else(signed_in: Any, enterprise: Any) -> None:
    enterprise("东岸企业", district="449801"), enterprise("西岭企业", district="449802")
    save(signed_in("data_officer", org="gxj-data"), "办公室共用", query="", shared="on")
    save(signed_in("chain_office", org="gxj-chain"), "链办自用", query="")
    colleague = signed_in("data_officer", org="gxj-data")
    page = colleague.get("/enterprises/").content.decode()
    assert "办公室共用" in page
    assert "链办自用" not in page
    row = SavedView.objects.get(name="办公室共用")
    # A reader of another scope under the same view sees his own rows only.
    district = signed_in("district_officer", org="gxj-449801", area="449801")
    seen = district.get(row.url).content.decode()
    assert "东岸企业" in seen
    assert "西岭企业" not in seen
    assert "办公室共用" not in seen
    # Only its owner deletes it.
    assert colleague.post(f"/views/{row.pk}/delete/").status_code == 404
    assert SavedView.objects.filter(pk=row.pk).exists()


def test_the_owner_deletes(signed_in: Any) -> None:
    client = signed_in("data_officer", org="gxj-data")
    save(client)
    assert client.post(f"/views/{SavedView.objects.get().pk}/delete/").headers["Location"] == "/enterprises/"
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "given",
    [{"name": ""}, {"name": "x" * 81}, {"path": "//evil.example/"}, {"path": "https://evil.example/"}, {"path": "/nowhere/"}, {"listing": ""},
     {"query": "q=" + "x" * 2000}],
)  # fmt: skip
def test_bad_input_saves_nothing_and_leads_nowhere_else(given: dict[str, str], signed_in: Any) -> None:
    client = signed_in("data_officer", org="gxj-data")
    form = {"listing": "enterprises", "path": "/enterprises/", "query": "", "name": "好", **given}
    answer = client.post("/views/save/", form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith("//")
    assert not SavedView.objects.exists()


def test_a_view_is_no_place_for_passing_things() -> None:
    assert (
        views_saved.kept(QueryDict("q=a&page=2&format=csv&hide=x&view=3&without=y&sort=name"))
        == "q=a&sort=name"
    )
