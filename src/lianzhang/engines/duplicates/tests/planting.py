"""A drawn register with planted doubles and planted look-alikes, to measure what is found and what is wrongly shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from lianzhang.engines.duplicates import Record
from lianzhang.engines.tables import make_uscc

PLACES = ("云溪市", "东岸区", "西岭区", "北城区")
FIRST = "云东华鼎瑞恒泰金宏信达科创新盛德润丰嘉益安康明远星辰海川江峰林森"
WORDS = (
    "精密机械",
    "电子科技",
    "新材料",
    "自动化设备",
    "汽车零部件",
    "模具",
    "医疗器械",
    "包装制品",
    "照明电器",
    "食品",
)
FAMILY = "陈李黄张梁林何刘罗郑"


@dataclass(frozen=True)
class Planted:
    """Records in a scattered order, the true pairs (lower id first) with how they came about, the look-alikes."""

    records: list[Record]
    truth: dict[tuple[int, int], str]
    alike: set[tuple[int, int]]


def plant(firms: int, doubles: int, seed: int) -> Planted:
    """`firms` different firms, `doubles` of them entered twice in one of nine ways, and as many look-alikes."""
    rng = Random(seed)
    records = [_firm(rng, i + 1) for i in range(firms)]
    truth: dict[tuple[int, int], str] = {}
    alike: set[tuple[int, int]] = set()
    chosen = rng.sample(records, 2 * doubles)
    for n, (original, other) in enumerate(zip(chosen[:doubles], chosen[doubles:], strict=True)):
        kind = list(WAYS)[n % len(WAYS)]
        copy = WAYS[kind](
            replace(original, id=firms + 2 * n + 1, uscc=_code(firms + 2 * n + 1)), original, rng
        )
        truth[original.id, copy.id] = kind
        look = list(LOOKALIKES)[n % len(LOOKALIKES)]
        twin = LOOKALIKES[look](replace(_firm(rng, firms + 2 * n + 2), district=other.district), other)
        alike.add((other.id, twin.id))
        records += [copy, twin]
    rng.shuffle(records)
    return Planted(records, truth, alike)


def _code(number: int) -> str:
    return make_uscc("91", "449900", f"MK{number:06d}")


def _firm(rng: Random, number: int) -> Record:
    brand, word = "".join(rng.sample(FIRST, 3)), rng.choice(WORDS)
    district = rng.choice(PLACES[1:])
    people = "".join(rng.sample("伟芳娜敏静丽强磊军洋", 2))
    return Record(
        number, _code(number), f"云溪市{brand}{word}有限公司", address=f"云溪市{district}{rng.choice(FIRST)}{rng.choice(FIRST)}路{rng.randrange(1, 900)}号",
        phone=f"13{rng.randrange(10**8, 10**9)}", legal_representative=rng.choice(FAMILY) + people,
        established=date(1995, 1, 1) + timedelta(days=rng.randrange(10_000)), district=district,
    )  # fmt: skip


def _without_contacts(copy: Record, rng: Random) -> Record:
    """Another register rarely holds everything."""
    return replace(
        copy, phone="" if rng.random() < 0.5 else copy.phone,
        legal_representative="" if rng.random() < 0.3 else copy.legal_representative,
        established=None if rng.random() < 0.3 else copy.established,
    )  # fmt: skip


def _brackets(copy: Record, original: Record, rng: Random) -> Record:
    name = original.name.removeprefix("云溪市").replace("有限公司", "")
    return _without_contacts(replace(copy, name=f"{name[:3]}(云溪){name[3:]}有限公司"), rng)


def _traditional(copy: Record, original: Record, rng: Random) -> Record:
    import opencc

    return _without_contacts(replace(copy, name=opencc.OpenCC("s2t").convert(original.name)), rng)


WAYS: dict[str, Callable[[Record, Record, Random], Record]] = {
    "code changed": lambda c, o, r: _without_contacts(replace(c, uscc=f"92{o.uscc[2:]}"), r),
    "old code delivered": lambda c, o, r: _without_contacts(replace(c, name=f"{o.name[:4]}改名后有限公司", former_codes=(o.uscc,)), r),
    "brackets": _brackets,
    "district in the name": lambda c, o, r: _without_contacts(replace(c, name=o.name.replace("云溪市", f"云溪{o.district}")), r),
    "full width": lambda c, o, r: _without_contacts(replace(c, name=o.name.replace("有限公司", "有限责任公司 ")), r),
    "traditional": _traditional,
    "renamed": lambda c, o, r: _without_contacts(replace(c, name=f"云溪市{''.join(r.sample(FIRST, 4))}有限公司", former_names=(o.name,)), r),
    "same name, other code": lambda c, o, r: _without_contacts(c, r),
    "moved": lambda c, o, r: _without_contacts(replace(c, address=_firm(r, c.id).address), r),
}  # fmt: skip
LOOKALIKES: dict[str, Callable[[Record, Record], Record]] = {
    "sister firm": lambda t, o: replace(t, address=o.address, phone=o.phone, legal_representative=o.legal_representative),
    "group": lambda t, o: replace(t, name=o.name.replace("有限公司", "集团有限公司"), address=o.address, legal_representative=o.legal_representative),
    "branch": lambda t, o: replace(t, name=f"{o.name}西岭分公司", phone=o.phone),
    "other trade": lambda t, o: replace(t, name=o.name[:6] + "贸易有限公司", legal_representative=o.legal_representative),
    "namesake elsewhere": lambda t, o: replace(t, name=o.name.replace("有限公司", "股份有限公司"), district="北城区" if o.district != "北城区" else "东岸区"),
}  # fmt: skip


def blocks_of(keyed: Iterator[tuple[int, set[tuple[str, int]]]]) -> list[tuple[str, list[int]]]:
    """Blocks in memory, as the job finds them in its table."""
    found: dict[tuple[str, int], list[int]] = {}
    for number, keys in keyed:
        for key in keys:
            found.setdefault(key, []).append(number)
    return [(kind, ids) for (kind, _), ids in sorted(found.items()) if len(ids) > 1]
