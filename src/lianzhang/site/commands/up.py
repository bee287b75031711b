"""up: draw the demonstration city if it is not there, then serve it: what `make run` does."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from lianzhang.cli_demo import CATALOGUES


def register(commands: argparse._SubParsersAction) -> None:
    up = commands.add_parser(
        "up", help="draw and load the demonstration city once, then start web and worker"
    )
    up.add_argument("--city", default="guangzhou")
    up.add_argument("--port", type=int, default=8000)
    up.add_argument("--scale", type=float, default=1.0)
    up.set_defaults(run=_up)


def _up(args: argparse.Namespace) -> int:
    home = Path(os.environ.setdefault("LIANZHANG_HOME", str(Path("var") / args.city))).resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.update(LIANZHANG_CITY=args.city, LIANZHANG_HOME=str(home))
    started = time.perf_counter()
    if not (home / "ready").exists():
        status = _prepare(home, args)
        if status:
            return status
        (home / "ready").write_text(args.city)
        print(f"the city stands after {time.perf_counter() - started:.0f} s", file=sys.stderr)
    elif _run("init", "--city", args.city):
        return 1
    port = free_port(args.port)
    if port != args.port:
        print(f"port {args.port} is taken, using {port}", file=sys.stderr)
    _greet(port)
    return _serve(port)


def _prepare(home: Path, args: argparse.Namespace) -> int:
    """Draw the city as files and import them; what a broken-off attempt left is removed first."""
    for leftover in home.iterdir():
        if leftover.name != "secret.key":
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    drawn = home / "demo-files"
    has_script = (CATALOGUES / args.city / "demo" / "rehearsal.yaml").exists()
    steps = (
        ("database and catalogue", ["init", "--city", args.city]),
        (
            "drawing the city as files",
            ["demo", "--city", args.city, "--out", str(drawn), "--scale", str(args.scale)],
        ),
        ("importing the files", ["demo", "load", str(drawn)]),
        ("risk of every firm", ["risk"]),
        *([("a week of work", ["demo", "rehearse"])] if has_script else []),
    )
    for number, (title, command) in enumerate(steps, 1):
        print(f"[{number}/{len(steps)}] {title}", file=sys.stderr)
        if _run(*command) == 1:
            print(f"'{' '.join(command)}' failed; nothing is served. Mend it and run again.", file=sys.stderr)
            return 1
    return 0


def _run(*command: str) -> int:
    return subprocess.run([sys.executable, "-m", "lianzhang.cli", *command], check=False).returncode


def free_port(wanted: int) -> int:
    """The wanted port, or the next one nobody listens on."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit(f"no free port from {wanted} on")


def _greet(port: int) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "lianzhang.cli", "demo", "accounts", "--json", "--port", str(port)],
        check=True,
        capture_output=True,
        text=True,
    )
    print(f"\n  http://127.0.0.1:{port}/\n", flush=True)
    for row in json.loads(answer.stdout):
        print(f"  {row['title']}\t{row['username']}\t{row['password']}", flush=True)
    print("\n  Ctrl-C stops web and worker.\n", flush=True)


def _serve(port: int) -> int:
    """Web and worker side by side; the end of one, or Ctrl-C, ends both."""
    lianzhang = [sys.executable, "-m", "lianzhang.cli"]
    children = [subprocess.Popen([*lianzhang, *c]) for c in (["serve", "--port", str(port)], ["worker"])]

    def stop(*_: object) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while all(child.poll() is None for child in children):
        time.sleep(0.2)
    stop()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0
