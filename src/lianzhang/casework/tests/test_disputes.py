"""A value is disputed from where it is seen: what the matter names, who sees that it is being verified, what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from lianzhang.casework import services
from lianzhang.casework.models import Dispute, Matter
from lianzhang.casework.services import Invalid, Missing, NotPossible
from lianzhang.domains.chains.models import Placement, Segment
from lianzhang.kernel.scope import ANONYMOUS
from lianzhang.registry import contests
from lianzhang.registry.models import (
    DuplicatePair,
    Enterprise,
    Establishment,
    Filing,
    GroupTie,
    ManualTag,
    Merge,
    Title,
    YearFacts,
)

pytestmark = pytest.mark.django_db
DAY = {"source": "market", "as_of": date(2023, 2, 1)}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def firm(town: Any, enterprise: Any) -> Enterprise:
    """One of everything that can be disputed."""
    firm: Enterprise = town.firm
    said = Filing.objects.create(
        enterprise=firm, period="2022", values={"revenue": 1e8}, **{**DAY, "source": "tax"}
    )
    YearFacts.objects.create(enterprise=firm, year=2022, revenue=1e8, origin={"revenue": said.pk})
    Title.objects.create(enterprise=firm, title="专精特新", **DAY)
    ManualTag.objects.create(enterprise=firm, word="重点培育", reason="走访所见")
    GroupTie.objects.create(enterprise=firm, parent_name="云溪集团", share=0.6, **DAY)
    Establishment.objects.create(
        enterprise=firm, site="一厂", area_path=firm.area_path, district=firm.district, **DAY
    )
    twin, gone = enterprise("东岸精密机械有限公司"), enterprise("东岸精密老厂", survivor=firm)
    Enterprise.objects.filter(pk=gone.pk).update(registered=False)
    DuplicatePair.objects.create(first=firm, second=twin, score=60, facts="0")
    Merge.objects.create(absorbed=gone, into=firm, reason="同一企业")
    Placement.objects.create(
        enterprise=firm, segment=Segment.objects.order_by("pk")[0], how="industry", evidence="3491"
    )
    return firm


def names(firm: Enterprise) -> dict[str, str]:
    """Kind → the name of the value of that kind."""
    return {
        "fact": "fact/revenue/2022", "standing": "standing/address", "title": f"title/{firm.titles.get().pk}",
        "word": f"word/{firm.manual_tags.get().pk}", "tie": f"tie/{firm.parents.get().pk}", "plant": f"plant/{firm.establishments.get().pk}",
        "pair": f"pair/{DuplicatePair.objects.get().pk}", "merge": f"merge/{Merge.objects.get().pk}",
        "placement": f"placement/{Placement.objects.get().segment_id}",
    }  # fmt: skip


OWN = ("fact", "standing", "title", "tie", "plant", "placement")
"""What an enterprise sees of itself."""


def raised(who: Any, firm: Enterprise, about: str, **more: Any) -> Matter:
    return services.raise_dispute(
        actor=who, enterprise=firm, about=about, claimed="不是这样", text="见附件", **more
    )


@pytest.mark.parametrize(
    "kind", ["fact", "standing", "title", "word", "tie", "plant", "pair", "merge", "placement"]
)
def test_every_kind_of_value_is_disputed_with_value_source_and_day(
    kind: str, town: Any, firm: Enterprise
) -> None:
    about = names(firm)[kind]
    value = contests.value(firm, about, town.chain_office)
    assert value is not None
    matter = raised(town.chain_office, firm, about)
    assert matter.fields["item"] == value.label
    assert matter.fields["shown"] == value.shown
    assert matter.fields.get("source", "") == value.source
    assert matter.fields.get("as_of") == (value.as_of.isoformat() if value.as_of else None)
    row = Dispute.objects.get(matter=matter)
    assert (row.about, row.enterprise, row.internal) == (about, firm, True)
    mark = contests.of(firm, town.chain_office)(about).mark
    assert mark is not None
    assert (mark.light, mark.word, mark.url) == ("amber", "being verified", matter.get_absolute_url())


def test_an_enterprise_disputes_what_it_sees_of_itself_and_nothing_else(town: Any, firm: Enterprise) -> None:
    for kind, about in names(firm).items():
        if kind in OWN:
            assert raised(town.asker, firm, about).enterprise == firm
        else:
            with pytest.raises(Missing):
                raised(town.asker, firm, about)
        with pytest.raises(Missing):
            raised(town.other_asker, firm, about)
        with pytest.raises((NotPossible, Missing)):
            raised(ANONYMOUS, firm, about)
    assert Dispute.objects.count() == len(OWN)
    for about in (
        "fact/revenue/2021",
        "fact/nonsense/2022",
        "fact/revenue",
        "title/x",
        "nothing/1",
        "",
        "pair/0",
    ):
        with pytest.raises((Missing, Invalid)):
            raised(town.asker, firm, about)


def test_who_is_out_of_the_district_may_not(town: Any, firm: Enterprise) -> None:
    assert raised(town.district, firm, "fact/revenue/2022")
    with pytest.raises(Missing):
        raised(town.other_district, firm, "standing/address")
    with pytest.raises(NotPossible):
        raised(town.director, firm, "standing/address")


def test_of_what_offices_verify_the_enterprise_learns_nothing(town: Any, firm: Enterprise, as_: Any) -> None:
    before = as_(town.asker).get(firm.get_absolute_url()).content.decode()
    matter = raised(town.district, firm, "fact/revenue/2022")
    after = as_(town.asker).get(firm.get_absolute_url()).content.decode()
    assert matter.number not in after
    assert after.count("being verified") == before.count("being verified") == 0
    assert not Matter.objects.visible_to(town.asker).exists()
    # Nor by trying: its own dispute of the same value is taken in.
    assert raised(town.asker, firm, "fact/revenue/2022")
    # Who sees the value inside the offices sees that it is being verified, without the matter.
    page = as_(town.desk).get(f"/enterprises/{firm.pk}/").content.decode()
    assert "being verified" in page
    assert matter.get_absolute_url() not in page


def test_a_value_is_verified_once_at_a_time(town: Any, firm: Enterprise) -> None:
    first = raised(town.asker, firm, "fact/revenue/2022")
    with pytest.raises(Invalid) as refused:
        raised(town.chain_office, firm, "fact/revenue/2022")
    assert first.number in str(refused.value)


@pytest.mark.parametrize(
    ("outcome", "later", "word"),
    [("kept", None, "verified and kept"), ("corrected", None, "to be corrected by the source"), ("corrected", 2e8, "corrected")],
)  # fmt: skip
def test_the_answer_stands_beside_the_value(
    outcome: str, later: float | None, word: str, town: Any, firm: Enterprise, move: Any, as_: Any
) -> None:
    matter = raised(town.asker, firm, "fact/revenue/2022")
    move(town.chain_office, matter, "dispatch", lead="gxj-449801")
    move(town.district, matter, "take")
    with pytest.raises(Invalid):
        move(town.district, matter, "reply", finding="无说明", basis="申报表")
    move(town.district, matter, "reply", outcome=outcome, finding="申报口径不同", basis="申报表")
    if later:
        YearFacts.objects.filter(enterprise=firm).update(revenue=later)
    mark = contests.of(firm, town.asker)("fact/revenue/2022").mark
    assert mark is not None
    assert (mark.word, mark.url) == (word, matter.get_absolute_url())
    page = as_(town.asker).get(firm.get_absolute_url()).content.decode()
    assert word in page
    answer = as_(town.asker).get(matter.get_absolute_url()).content.decode()
    assert "申报口径不同" in answer
    move(town.asker, matter, "send_back", reason="仍不对")
    assert contests.of(firm, town.asker)("fact/revenue/2022").mark.word == "being verified"  # type: ignore[union-attr]


def test_what_an_officer_asked_he_judges(town: Any, firm: Enterprise, move: Any, as_: Any) -> None:
    matter = raised(town.desk, firm, names(firm)["placement"])
    move(town.chain_office, matter, "dispatch", lead="gxj-449801")
    move(town.district, matter, "take")
    move(town.district, matter, "reply", outcome="kept", finding="主营即此", basis="营业执照")
    with pytest.raises(NotPossible):
        move(town.district, matter, "accept", satisfaction="satisfied")
    assert matter.number in as_(town.desk).get("/matters/?whose=waiting").content.decode()
    assert move(town.desk, matter, "accept", satisfaction="satisfied").state == "closed"


def test_one_withdrawn_leaves_no_mark(town: Any, firm: Enterprise, move: Any) -> None:
    matter = raised(town.asker, firm, "standing/address")
    move(town.asker, matter, "withdraw")
    assert contests.of(firm, town.asker)("standing/address").mark is None


def test_from_the_source_card_to_the_matter(town: Any, firm: Enterprise, as_: Any) -> None:
    client = as_(town.asker)
    card = client.get(f"/enterprises/{firm.pk}/source/2022/revenue/").content.decode()
    where = f"/matters/dispute/{firm.pk}/?about=fact%2Frevenue%2F2022"
    assert where in card
    form = client.get(where).content.decode()
    assert "1.00 亿元" in form or "10,000" in form or "100,000,000" in form
    sent = client.post(where, {"about": "fact/revenue/2022", "claimed": "1.2亿元", "text": "漏计分公司"})
    matter = Matter.objects.get()
    assert sent.headers["Location"] == matter.get_absolute_url()
    assert matter.fields["claimed"] == "1.2亿元"
    again = client.post(where, {"about": "fact/revenue/2022", "claimed": "1", "text": "x"})
    assert again.status_code == 422
    assert matter.number in again.content.decode()
    assert client.get(f"/matters/dispute/{firm.pk}/?about=pair/1").status_code == 404
    assert as_(town.other_asker).get(where).status_code == 404
    # Personal values are named as they are shown: masked.
    Enterprise.objects.filter(pk=firm.pk).update(legal_representative="张三丰")
    told = raised(town.chain_office, firm, "standing/legal_representative")
    assert "张三丰" not in str(told.fields)


def test_words_about_a_known_value_name_it(town: Any, firm: Enterprise) -> None:
    named = services.raise_dispute(
        actor=town.asker,
        enterprise=firm,
        field="revenue",
        period="2022年",
        claimed="2",
        text="x",
        shown="胡写",
    )
    assert Dispute.objects.get(matter=named).about == "fact/revenue/2022"
    assert named.fields["shown"] != "胡写"
    nowhere = services.raise_dispute(
        actor=town.asker, enterprise=firm, field="revenue", period="2019", claimed="2", text="x"
    )
    assert not Dispute.objects.filter(matter=nowhere).exists()
    assert nowhere.fields["period"] == "2019"
