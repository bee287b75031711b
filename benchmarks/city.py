"""Claim: drawing the demonstration city as files and importing them through the front door takes at most 120 s.

`python benchmarks/city.py [--smoke] [--json OUT]`: a table of steps with wall and CPU seconds, rows and peak memory.
The peer of the import step is in `imports.py`; here the whole path is measured as `make run` walks it.
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

LIMIT_S = 120
ESRI = """
import json, time, django
django.setup()
import numpy as np
from lianzhang.domains.chains.models import RiskRun
from lianzhang.domains.chains.network.loaded import load
from lianzhang.engines.network import esri
loaded = load(RiskRun.objects.order_by("-pk").first().snapshot.sha256)
out = []
for _ in range(4):
    wall, cpu = time.perf_counter(), time.process_time()
    esri(loaded.networks["survey"], tol=1e-5, firms=np.arange(loaded.n), threads=2, weights=loaded.weights)
    out.append((time.perf_counter() - wall, time.process_time() - cpu))
print(json.dumps({"firms": loaded.n, "cold": out[0], "warm": min(out[1:])}))
"""


def step(title: str, command: list[str], env: dict[str, str]) -> dict[str, object]:
    """Run one command of the program and measure it."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "lianzhang.cli", *command],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rows = sum(r["accepted"] for r in json.loads(done.stdout)) if "load" in command else None
    return {
        "step": title,
        "wall_s": round(wall, 1),
        "cpu_s": round(cpu, 1),
        "rows": rows,
        "peak_mb": after.ru_maxrss // 1024,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="the made-up town instead of the city")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    city = "example" if args.smoke else "guangzhou"
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "LIANZHANG_HOME": f"{folder}/home", "LIANZHANG_CITY": city}
        results = [
            step("database and catalogue", ["init", "--city", city], env),
            step("drawing as files", ["demo", "--city", city, "--out", f"{folder}/files"], env),
            step("importing the files", ["demo", "load", f"{folder}/files", "--json"], env),
            step("risk of all firms, cold", ["risk"], env),
        ]
        answer = subprocess.run(
            [sys.executable, "-c", ESRI],
            env={**env, "DJANGO_SETTINGS_MODULE": "lianzhang.site.settings"},
            check=True,
            capture_output=True,
            text=True,
        )
        esri = json.loads(answer.stdout)
    print("| step | wall s | CPU s | rows | peak MB so far |\n|---|---|---|---|---|")
    for r in results:
        print(f"| {r['step']} | {r['wall_s']} | {r['cpu_s']} | {r['rows'] or ''} | {r['peak_mb']} |")
    total = sum(float(str(r["wall_s"])) for r in results[1:3])
    print(f"\ndrawing + importing: {total:.1f} s (at most {LIMIT_S} s)")
    print(
        f"ESRI of all {esri['firms']} firms at tol 1e-5, 2 threads: warm {esri['warm'][0]:.2f} s "
        f"(CPU {esri['warm'][1]:.2f} s), first call of a process {esri['cold'][0]:.2f} s (compiled code from the cache)"
    )
    if args.json:
        args.json.write_text(json.dumps({"steps": results, "esri": esri}, indent=1))
    return 0 if total <= LIMIT_S else 1


if __name__ == "__main__":
    sys.exit(main())
