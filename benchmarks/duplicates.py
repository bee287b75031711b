"""Doubles: precision and recall on planted truth for each sum of points, and the whole register searched.

`python benchmarks/duplicates.py [--firms 300000] [--smoke] [--json FILE]`. The truth is drawn by
`lianzhang.engines.duplicates.tests.planting`: nine ways in which one firm is entered twice, five kinds of look-alikes.
The search runs in a process of its own on an installation of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SUMS = (45, 50, 55, 60, 70, 85)
SEEDS = (1, 2, 3)


def quality(firms: int) -> dict[str, Any]:
    """Precision and recall at each sum of points, over three seeds; the look-alikes wrongly shown at the catalogue's."""
    import yaml

    from lianzhang.engines.duplicates import Names, Weights, judge, keys, pairs_of
    from lianzhang.engines.duplicates.tests.planting import PLACES, blocks_of, plant
    from lianzhang.kernel.home import catalogues

    (row,) = yaml.safe_load((catalogues() / "_reference" / "duplicates.yaml").read_text(encoding="utf-8"))
    weights = Weights({p["reason"]: p["points"] for p in row["points"]}, row["ask"], row["likely"])
    names, scored = Names(PLACES), []
    for seed in SEEDS:
        planted = plant(firms, firms // 25, seed)
        by_id = {r.id: r for r in planted.records}
        blocks = blocks_of((r.id, keys(r, names)) for r in planted.records)
        pairs = set(pairs_of(blocks, row["crowd"]))
        scores = {p: judge(by_id[p[0]], by_id[p[1]], weights, names).score for p in pairs}
        scored.append((planted, scores))
    out: dict[str, Any] = {"ask": row["ask"], "at": {}}
    for bound in SUMS:
        shown = [(planted, {p for p, s in scores.items() if s >= bound}) for planted, scores in scored]
        right = sum(len(found & set(planted.truth)) for planted, found in shown)
        out["at"][bound] = {
            "precision": right / max(1, sum(len(found) for _, found in shown)),
            "recall": right / sum(len(planted.truth) for planted, _ in shown),
            "lookalikes": sum(len(found & planted.alike) for planted, found in shown),
        }
    return out


def search(firms: int) -> dict[str, Any]:
    """The whole register of `firms` firms and 4 % doubles, searched in a fresh process; then around one delivery."""
    with tempfile.TemporaryDirectory() as home:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("LIANZHANG_", "DATABASE"))}
        env |= {
            "LIANZHANG_HOME": home,
            "LIANZHANG_CITY": "example",
            "DJANGO_SETTINGS_MODULE": "lianzhang.site.settings",
        }
        subprocess.run(
            [sys.executable, "-m", "lianzhang.cli", "init", "--city", "example"],
            env=env,
            check=True,
            capture_output=True,
        )
        for what in ("fill", "measure"):
            done = subprocess.run(
                [sys.executable, __file__, "--inside", what, "--firms", str(firms)],
                env=env,
                check=True,
                capture_output=True,
                text=True,
            )
        return dict(json.loads(done.stdout))


def fill(firms: int) -> None:
    """Write the planted register."""
    from lianzhang.city.models import Area
    from lianzhang.engines.duplicates.tests.planting import plant
    from lianzhang.registry.models import Enterprise

    districts = {a.zh: a for a in Area.objects.filter(level="district")}
    planted = plant(firms, firms // 25, 1)
    Enterprise.objects.bulk_create(
        (Enterprise(pk=r.id, uscc=r.uscc, name=r.name, former_names=list(r.former_names), former_codes=list(r.former_codes), address=r.address,
                    phone=r.phone, legal_representative=r.legal_representative, established=r.established, registered=True,
                    district=districts.get(r.district)) for r in planted.records),
        batch_size=5000,
    )  # fmt: skip
    Path(os.environ["LIANZHANG_HOME"], "truth.json").write_text(json.dumps([list(p) for p in planted.truth]))


def measure() -> dict[str, Any]:
    """Time and memory of the search, and what of the truth it found."""
    from lianzhang.registry import doubles
    from lianzhang.registry.models import DuplicatePair

    truth = {tuple(p) for p in json.loads(Path(os.environ["LIANZHANG_HOME"], "truth.json").read_text())}
    begun = time.monotonic()
    found: dict[str, Any] = doubles.search_all()
    found["seconds"] = round(time.monotonic() - begun, 1)
    shown = set(DuplicatePair.objects.values_list("first_id", "second_id"))
    found |= {"recall": len(shown & truth) / len(truth), "precision": len(shown & truth) / max(1, len(shown))}
    begun = time.monotonic()
    doubles.search_around([pk for pair in list(truth)[:50] for pk in pair])
    found["around_100_seconds"] = round(time.monotonic() - begun, 2)
    found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--firms", type=int, default=300_000)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--inside", choices=["fill", "measure"], help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        import django

        django.setup()
        if args.inside == "fill":
            fill(args.firms)
        else:
            print(json.dumps(measure()))
        return
    found = {
        "quality": quality(1000 if args.smoke else 10_000),
        "search": search(2000 if args.smoke else args.firms),
    }
    for bound, row in found["quality"]["at"].items():
        print(
            f"from {bound} points: precision {row['precision']:.3f}, recall {row['recall']:.3f}, look-alikes shown {row['lookalikes']}"
        )
    print(found["search"])
    if args.json:
        Path(args.json).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
