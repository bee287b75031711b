"""The registry at the size of a city and of a province: loading, lists, search, portraits and writes under open load.

`python benchmarks/registry.py [--smoke | --database sqlite|postgres --firms N --years 3] [--seconds 120] [--home DIR] [--json FILE]`.
Draws with `demo --registry-only`, loads through the ordinary importer, starts `lianzhang serve` and the worker, and lets
20 and then 60 requests a second arrive, a tenth of them writes. Client, server and database share the machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import openloop
from registry_visitors import Mix

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import postgres  # noqa: E402
from serving import until_up  # noqa: E402

SETTINGS = {
    "shared_buffers": "2GB", "effective_cache_size": "8GB", "maintenance_work_mem": "512MB", "work_mem": "32MB", "max_wal_size": "8GB",
    "checkpoint_timeout": "30min", "random_page_cost": "1.1", "jit": "off", "fsync": "on", "synchronous_commit": "on",
}  # fmt: skip
"""Of the private PostgreSQL: what a server of 24 GB would have, durable."""
CLAIMS = {20: {"p95": 0.150, "p99": 0.500}, 60: {"p95": 0.300}}
"""Of lists and searches, in seconds, by requests a second; who is refused counts as served never."""
READS = ("list", "search")
LOADED_IN = 15 * 60
WARM = 8


def run(env: dict[str, str], *args: str) -> tuple[float, float, float]:
    """One command of `lianzhang`: seconds, processor seconds, highest memory in MB."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "lianzhang.cli", *args], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )  # fmt: skip
    said = child.stderr.read() if child.stderr else ""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"lianzhang {' '.join(args)}: {said[-2000:]}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def load(env: dict[str, str], files: Path, firms: int) -> list[dict[str, Any]]:
    """Roster, then the figures of each year, through the importer."""
    out = []
    for path in (files / "registry.csv", *sorted(files.glob("figures_*.csv"))):
        dataset = "enterprises" if path.stem == "registry" else "filings"
        period = [] if dataset == "enterprises" else ["--period", path.stem[-4:]]
        seconds, processor, peak = run(env, "import", dataset, str(path), "--source", "gxj_direct", *period)
        out.append({"file": path.name, "rows": firms, "seconds": round(seconds, 1), "rows_per_second": round(firms / seconds),
                    "processor_seconds": round(processor, 1), "peak_mb": round(peak)})  # fmt: skip
        print(" | ".join(f"{k} {v}" for k, v in out[-1].items()), flush=True)
    return out


def helper(env: dict[str, str], *args: str) -> Any:
    """What a part of this benchmark that needs the installation says, from a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("registry_inside.py")), *args]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def served(env: dict[str, str]) -> Iterator[tuple[int, list[int]]]:
    """Web and worker as they are run for a city; the port, and the processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    commands = (["serve", "--port", str(port)], ["worker"])
    quiet = {"env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    children = [subprocess.Popen([sys.executable, "-m", "lianzhang.cli", *c], **quiet) for c in commands]
    try:
        until_up(f"http://127.0.0.1:{port}", 120)
        yield port, [child.pid for child in children]
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()


def tree(roots: list[int]) -> list[int]:
    """These processes and all below them."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = list(roots)
    for pid in found:
        found += parents.get(pid, [])
    return found


def used(pids: list[int]) -> tuple[float, float]:
    """Processor seconds and memory in MB (proportional share) of processes, as far as they still run."""
    seconds, memory = 0.0, 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            share = next(
                line
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                if line.startswith("Pss:")
            )
        except (OSError, StopIteration):
            continue
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        memory += int(share.split()[1]) / 1024
    return seconds, memory


def measure(
    port: int, pids: list[int], mix: Mix, rate: int, seconds: float
) -> tuple[list[dict[str, Any]], bool]:
    """One rate: a line per kind of request, and whether the claim holds."""
    before, client = used(tree(pids))[0], time.process_time()
    answered = openloop.drive(port, rate, seconds, mix.draw, seed=rate)
    (after, memory), spent = used(tree(pids)), time.process_time() - client
    lines, claim = [], CLAIMS.get(rate, {})
    read = [s for kind, all_of in answered.seconds.items() if kind.startswith(READS) for s in all_of]
    # Who got no answer waited longer than anybody: so that refusing makes no figure better.
    read += [math.inf] * sum(n for key, n in answered.errors.items() if key.startswith(READS))
    for kind, of in [*sorted(answered.seconds.items()), ("lists and searches", read)]:
        if of:
            row = {
                name: round(openloop.quantile(of, share), 4)
                for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
            }
            lines.append({"rate": rate, "kind": kind, "requests": len(of), **row, "max": round(max(of), 4)})
    held = not answered.errors and all(lines[-1][name] <= most for name, most in claim.items())
    for line in lines:
        print(" | ".join(str(v) for v in line.values()))
    print(f"{rate}/s: errors {answered.errors or 'none'}; processors: server {(after - before) / seconds:.2f}, client {spent / seconds:.2f}; "
          f"server's memory {memory:.0f} MB; load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    return lines, held


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="2,000 enterprises, seconds")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--firms", type=int, default=300_000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=120, help="of each rate")
    parser.add_argument("--rates", type=int, nargs="+", default=[20, 60])
    parser.add_argument(
        "--place", type=Path, help="folder for everything, removed at the end; default a temporary one"
    )
    parser.add_argument(
        "--home", type=Path,
        help="measure this installation as it is loaded (with DATABASE_URL where it has one); what the visitors write stays in it",
    )  # fmt: skip
    parser.add_argument("--json", metavar="FILE")
    args = parser.parse_args()
    if args.smoke:
        args.firms, args.years, args.seconds, args.rates = 2_000, 1, 4, [5]
    place = Path(tempfile.mkdtemp(dir=args.place))
    try:
        with ExitStack() as stack:
            return whole(args, place, stack)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def whole(args: argparse.Namespace, place: Path, stack: ExitStack) -> int:
    """Draw and load where nothing is loaded yet, serve, measure."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LIANZHANG_", "DATABASE_URL", "DJANGO_"))}
    env |= {
        "LIANZHANG_HOME": str(args.home or place / "home"),
        "LIANZHANG_CITY": "guangzhou",
        "DJANGO_SETTINGS_MODULE": "lianzhang.site.settings",
    }
    if args.home and "DATABASE_URL" in os.environ:
        env["DATABASE_URL"] = os.environ["DATABASE_URL"]
    elif args.database == "postgres":
        url = stack.enter_context(postgres.server(SETTINGS, args.place))
        if url is None:
            raise SystemExit("PostgreSQL is not installed here")
        env["DATABASE_URL"] = url
    loaded = [] if args.home else drawn_and_loaded(env, args, place / "files")
    peers = helper(env, "peers")
    for line in peers:
        print(" | ".join(f"{k} {v}" for k, v in line.items()))
    measured, held = under_load(env, args)
    if args.firms >= 3_000_000 and loaded:
        held = held and loaded[0]["seconds"] <= LOADED_IN
    if args.json:
        result = {"database": args.database, "firms": args.firms, "loaded": loaded, "peers": peers, "measured": measured}  # fmt: skip
        Path(args.json).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0 if held else 1


def drawn_and_loaded(env: dict[str, str], args: argparse.Namespace, files: Path) -> list[dict[str, Any]]:
    """A register drawn and brought in; what each file took."""
    sizes = ("--firms", str(args.firms), "--years", str(args.years))
    drawn = run(env, "demo", "--registry-only", *sizes, "--out", str(files))[0]
    run(env, "init", "--city", "guangzhou")
    print(
        f"{args.database}, {args.firms} enterprises, {args.years} years; drawn in {drawn:.0f} s; load {os.getloadavg()[0]:.1f}"
    )
    loaded = load(env, files, args.firms)
    shutil.rmtree(files)
    after = run(env, "worker", "--once")[0]
    print(
        f"what follows from the deliveries (tags by rule …), by the worker: {after:.0f} s",
        flush=True,
    )
    return loaded


def under_load(env: dict[str, str], args: argparse.Namespace) -> tuple[list[dict[str, Any]], bool]:
    """Every rate asked for, one after the other, and whether all claims hold."""
    mix = Mix(helper(env, "visitors"))
    print("requests a second | kind | requests | p50 | p95 | p99 | max (seconds from when each was due)")
    measured, held = [], True
    with served(env) as (port, pids):
        mix.sign_forms(port)
        openloop.drive(port, 10, 1 if args.smoke else WARM, mix.draw, seed=1)
        if "DATABASE_URL" in env and not args.home:
            pids.append(postgres.main_process(env["DATABASE_URL"]))
        for rate in args.rates:
            lines, fine = measure(port, pids, mix, rate, args.seconds)
            measured += lines
            held = held and fine
    return measured, held


if __name__ == "__main__":
    sys.exit(main())
