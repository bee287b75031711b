"""Every text that a person can write carries a script once, through the form, the API or the file it comes in by (S4).

Which columns those are follows from the models: a new text column gets a form in tests/filled, a cell in a file here, or a
reason why no person writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client, override_settings
from world import World

from attack.not_written import NOT_WRITTEN
from contract.test_attack_pages import CANARIES, Watch, crawl
from faults.services_imports import SAID
from filled import Desk, Filled, all_of_them
from imports.corpus import sheets
from lianzhang.city.administration import accounts as administration
from lianzhang.city.administration import identities
from lianzhang.city.services import actor_of_user
from lianzhang.kernel.imports import command, store
from lianzhang.kernel.imports import services as deliveries
from lianzhang.kernel.imports.pickup import look
from lianzhang.kernel.imports.tests.bench import CODES
from lianzhang.kernel.jobs import worker
from lianzhang.kernel.jobs.runner import Handle
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry import doubles
from lianzhang.registry.services import lists
from tally import LONG, case, sample

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S4"), pytest.mark.timeout(1800 if LONG else 300)]
MARK = "lzx"
WORDS = (
    *(word for word in CANARIES if MARK in word),
    "<script>lzx()</script><lzx>", "<img src=x onerror=lzx()><lzx>", "<style>@import'//e/lzx'</style><lzx>",
    "<details open ontoggle=lzx()><lzx>", "';lzx();//</script><lzx>", "<a href=javascript:lzx()><lzx>", "<lzx x=\ufeff\u200b>",
    "${lzx}<lzx>", "<!--<lzx>-->", "<math><lzx></math>", "%3Clzx%3E<lzx>",
)  # fmt: skip
FILLED = all_of_them()
CAN_CARRY = (models.CharField, models.TextField, models.JSONField)


def columns() -> list[tuple[Any, str]]:
    """Every column of ours that can hold a text."""
    return [
        (model, field.attname)
        for model in sorted(apps.get_models(), key=lambda m: m._meta.label_lower)
        if model.__module__.startswith("lianzhang.")
        for field in model._meta.concrete_fields
        if isinstance(field, CAN_CARRY) and not field.choices
    ]


def held() -> set[str]:
    """The columns in which the mark stands now, as `app.model.column`."""
    found = set()
    for model in {model for model, _column in columns()}:
        names = [name for m, name in columns() if m is model]
        for row in model._base_manager.values_list(*names):
            found |= {
                f"{model._meta.label_lower}.{n}" for n, v in zip(names, row, strict=True) if MARK in str(v)
            }
    return found


def word_of(number: int) -> str:
    """The words in rotation."""
    return WORDS[number % len(WORDS)]


OLD = "旧案-1"
ROWS: dict[str, tuple[str, list[str]]] = {
    "enterprises": (
        "统一社会信用代码,企业名称,曾用名,所属区,街道(镇),地址,行业代码,主要产品代码,原统一社会信用代码,法定代表人,联系人,联系电话,营业收入(万元),从业人数(+)",
        [f"{CODES[0]},甲+,+,东岸区,+,+,3670,+,+,+,+,+,12,3", f"{CODES[1]},甲+,+,东岸区,+,+,3670,+,,+,+,+,12,3",
         f"{CODES[2]},甲+,,不知何区+,,,3670,,,,,,+,4"],
    ),
    "titles": ("统一社会信用代码,企业名称,称号,级别,批次", [f"{CODES[0]},另一名+,+,+,+"]),
    "establishments": (
        "统一社会信用代码,厂区名称,厂区所在区,街道(镇),厂区地址,行业代码", [f"{CODES[0]},+,东岸区,+,+,3670"]
    ),
    "groups": ("统一社会信用代码,母公司名称,母公司信用代码", [f"{CODES[0]},+,{CODES[1]}", f"{CODES[0]},+,+"]),
    "indicators": ("指标,报告期,地区,行业,口径,数值,统计口径", ["industrial_value_added,2022,东岸区,+,+,5,+", "+,2022,东岸区,,,5,"]),
    "matters": (
        "事项编号,事项类型,事项标题,事项内容,办理状态,受理时间,办结时间,主办单位,其他字段",
        ["+,data_dispute,+,+,+,2022-05-06 09:30,,+,+", f"+{OLD},data_dispute,+,+,已办结,2022-05-06 09:30,2022-05-10 09:30,,",
         f"{OLD},data_dispute,+,+,已办结,2022-05-06 09:30,2022-05-10 09:30,,"],
    ),
    "matter_events": ("事项编号,办理时间,办理环节,办理人,办理内容", [f"{OLD},2022-05-06 09:40,opened,+,+", "+,2022-05-06 09:40,+,+,+"]),
}  # fmt: skip
"""Files of a data set: heading and lines; `+` is the word, in every cell that takes it and in some that do not."""


def files(folder: Path, word: str) -> Iterator[Path]:
    """The files that carry the word; their names and the sheet of the workbook carry it too."""
    named = "".join(c for c in word if c not in "/\\?*[]:'")[:25]
    for dataset, (head, lines) in ROWS.items():
        cells = [[cell.replace("+", word) for cell in line.split(",")] for line in lines]
        path = folder / f"{dataset}-{named}.xlsx"
        whole = [[*head.split(","), f"备注{word}"], *[[*row, word] for row in cells]]
        whole[0] = [cell.replace("+", word) for cell in whole[0]]
        path.write_bytes(sheets.xlsx({named: whole}))
        yield path


def others(account: Any, folder: Path, word: str) -> None:
    """Ways in that are no form of ours: the sign-in, a name that acts, a link, the pick-up folder, the search for doubles."""
    Client().post("/accounts/login/", {"login": word[:60], "password": "x"}, headers={"User-Agent": word})
    user = account("data_officer", username="named", org="gxj-data")
    administration.change_account(actor=SYSTEM, user=user, name=word[:60], phone="")
    user.refresh_from_db()
    identities.link(actor=SYSTEM, user=user, provider="city", subject=word)
    listed = lists.About("一", "二")
    lists.make(actor=actor_of_user(user), about=listed, firms=[])
    named = word.replace("/", "／")
    for place in (
        folder / "drop" / named,
        folder / "drop" / "market" / named,
        folder / "drop" / "market" / "enterprises",
    ):
        place.mkdir(parents=True, exist_ok=True)
        (place / named).write_text("x", "utf-8")
        (place / "x").mkdir()
        (place / "x" / named).write_text("x", "utf-8")
    with override_settings(PICKUP_FOLDER=folder / "drop"):
        look.take_all(Handle(None))
    doubles.search_all()
    heading(actor_of_user(user), word)
    case(n=7)


def heading(who: Any, word: str) -> None:
    """A heading of the file that a person said is the turnover."""
    head = ["统一社会信用代码", "企业名称", "所属区", "行业代码", f"备注{word}"]
    sha256, size = store.keep(
        [sheets.xlsx({"一": [head, [CODES[4], "云溪五号有限公司", "东岸区", "3670", "约五百"]]})]
    )
    row = deliveries.receive(actor=who, name="一.xlsx", sha256=sha256, size=size, **SAID)
    worker.run(once=True)
    row.refresh_from_db()
    mapping = {"*": {"columns": {head[-1]: {"field": "revenue", "unit": "万元"}}}}
    deliveries.describe(actor=who, row=row, mapping=mapping, keep=True, **SAID)
    worker.run(once=True)


def looked_at(client: Client, addresses: list[str]) -> None:
    """No page shows the word as anything but text."""
    for where in addresses:
        answer = client.get(where)
        assert answer.status_code < 500 or where.startswith("/readyz"), where
        if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            watch = Watch()
            watch.feed(answer.content.decode())
            case()
            assert watch.found == [], (where, watch.found)


def test_there_are_words_enough() -> None:
    assert len(set(WORDS)) >= 20


def test_every_text_a_person_can_write_is_written_here(
    world: World, account: Any, actor: Any, client_of: Callable[[str], Client], tmp_path: Path
) -> None:
    """Each form once, each file once; then the columns in which the word arrived are all that no reason stands for."""
    arrived, clients = set(), {}
    for number, each in enumerate(FILLED):
        if each.role not in clients:
            clients[each.role] = client_of(each.role)
        with transaction.atomic():
            sent = each.fill(Desk(world, actor, account, word_of(number)))
            answer = sent.post(clients[each.role], each.route)
            case()
            assert answer.status_code < 500, each.name
            arrived |= held()
            watch = Watch()
            watch.feed(answer.content.decode("utf-8", "replace") if not answer.streaming else "")
            assert watch.found == [] or "json" in answer.headers.get("Content-Type", ""), (
                each.name,
                watch.found,
            )
            transaction.set_rollback(True)
    for number, source in enumerate(("market", "tax")):
        for path in files(tmp_path, word_of(len(FILLED) + number)):
            case()
            command.import_file(path, path.name.partition("-")[0], SYSTEM, source=source, period="2022")
    others(account, tmp_path, word_of(len(FILLED) + len(ROWS)))
    arrived |= held()
    wanted = {f"{model._meta.label_lower}.{name}" for model, name in columns()}
    assert sorted(wanted - arrived - set(NOT_WRITTEN)) == [], (
        "columns that nothing here writes: a form, a cell, or a reason"
    )
    assert sorted(set(NOT_WRITTEN) - wanted) == [], "columns that are gone"
    assert sorted(set(NOT_WRITTEN) & arrived) == [], "a person writes these after all"


WRITING = [f for f in FILLED if not f.route.startswith("api:")]
PAIRS = [(each, word_of(number)) for number, each in enumerate(WRITING)]
"""Each form with a word, in rotation."""


@pytest.mark.parametrize(
    ("each", "word"),
    sample(PAIRS, 6, "texts"),
    ids=lambda v: v.name if isinstance(v, Filled) else f"{WORDS.index(v)}",
)
def test_what_a_form_wrote_stays_text_on_every_page(
    each: Filled, word: str, world: World, account: Any, actor: Any, client_of: Callable[[str], Client]
) -> None:
    client = client_of(each.role)
    sent = each.fill(Desk(world, actor, account, word))
    answer = sent.post(client, each.route)
    there = [answer.headers["Location"]] if answer.status_code == 302 else []
    looked_at(client, [*there, *sample(crawl(world), 12, f"{each.name} {word}")])
