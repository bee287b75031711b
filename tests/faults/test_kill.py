"""kill -9 under load: what was acknowledged is there once, whole, and the chains verify (F1).

Writers send a request with a key of its own, and send it again with the same key until it is answered, as clients must.
Kill -9 is not a loss of power: the operating system still writes what it was given.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from faults.givers import Giver, judge_givers
from faults.installation import Installation, prepare
from tally import LONG, case, drawn, measured

pytestmark = [pytest.mark.fault("F1"), pytest.mark.timeout(3000)]
WRITERS, BACK = 4, 10.0 if LONG else 40.0
ROUNDS = 200 if LONG else 20
LOOK = """
import django, json; django.setup()
from lianzhang.casework.models import Matter
from lianzhang.kernel import events
from lianzhang.kernel.models import Event, IdempotentAnswer
opened = list(Event.objects.filter(verb="opened", subject__startswith="matter:").values_list("subject", flat=True))
print(json.dumps({"titles": list(Matter.objects.values_list("title", flat=True)), "matters": sorted(f"matter:{pk}" for pk in Matter.objects.values_list("pk", flat=True)),
  "opened": sorted(opened), "keys": list(IdempotentAnswer.objects.values_list("key", flat=True)), "half": IdempotentAnswer.objects.filter(status=None).count() if IdempotentAnswer._meta.get_field("status").null else 0,
  "faults": [f.what for f in events.verify()], "numbers": list(Matter.objects.values_list("number", flat=True))}))
"""


class Writer(threading.Thread):
    """Opens one matter after the other; each is asked for under its key until there is an answer."""

    def __init__(self, made: Installation, name: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.made, self.prefix, self.stop, self.acknowledged = made, name, stop, list[str]()
        self.refused: list[str] = []

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            title = f"{self.prefix}-{number}"
            body = {"kind": "data_dispute", "title": title, "fields": {"field": "revenue", "claimed": "1"}}
            while True:
                try:
                    status, _, text = self.made.ask(
                        "POST", "/api/v1/matters", body, who="enterprise", timeout=20, Idempotency_Key=title
                    )
                except OSError:
                    time.sleep(0.05)
                    continue
                if status == 201:
                    self.acknowledged.append(title)
                    break
                if status in (429, 503):
                    time.sleep(0.1)
                    continue
                self.refused.append(f"{status}: {text[:200]!r}")
                break


def rounds(made: Installation, kill: Any, number: int) -> tuple[list[Writer], list[float]]:
    """Kill `number` times at drawn moments while writers write; how long until the program answered again each time."""
    chance, stop = drawn("kill"), threading.Event()
    writers = [Writer(made, f"w{n}", stop) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    back = []
    for _ in range(number):
        time.sleep(chance.uniform(0.2, 1.2))
        back.append(kill())
        case()
    stop.set()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()
    return writers, back


def judge(made: Installation, writers: list[Writer], back: list[float], usual: float) -> None:
    """Nothing acknowledged is lost, nothing is there twice or by half; it is back in ten seconds, or on a machine that
    is busy otherwise in twice the time of a start without a kill (`usual`)."""
    found = json.loads(made.script(LOOK))
    acknowledged = {t for w in writers for t in w.acknowledged}
    assert [r for w in writers for r in w.refused] == []
    assert len(acknowledged) > 10
    assert acknowledged - set(found["titles"]) == set(), "lost"
    assert len(found["titles"]) == len(set(found["titles"])), "doubled"
    assert len(found["numbers"]) == len(set(found["numbers"]))
    assert found["matters"] == found["opened"], "a matter without its event, or the other way round"
    assert sorted(found["keys"]) == sorted(found["titles"]), "an answer without its matter"
    assert found["half"] == 0
    assert found["faults"] == []
    measured(
        f"{len(back)} kills: acknowledged {len(acknowledged)}, lost 0, doubled 0; back after at most {max(back):.1f} s, a start takes {usual:.1f} s"
    )
    assert max(back) <= max(BACK, 2 * usual), (max(back), usual)


class Processes:
    """What is killed and started again: the web process, the worker, and a database server where there is one of its own."""

    def __init__(self, made: Installation, server: Any = None) -> None:
        began = time.monotonic()
        self.made, self.server, self.killed = made, server, Counter[str]()
        self.held = {"web": made.serve(), "worker": made.start("worker")}
        self.usual = time.monotonic() - began
        """Seconds of a start without a kill."""
        one = [*self.held, *(["database"] if server else [])]
        self.turns = cycle([*((name,) for name in one), tuple(one)])

    def kill(self) -> float:
        """Kill what is next: each by itself in turn, then all at once. Seconds until the program answers again."""
        began, now = time.monotonic(), next(self.turns)
        self.killed.update(now)
        for name in now:
            if name == "database":
                self.server.kill()
            else:
                self.made.kill(self.held[name])
        if "database" in now:
            self.server.start()
        if "worker" in now:
            self.held["worker"] = self.made.start("worker")
        if "web" in now:
            self.held["web"] = self.made.start("serve", "--port", str(self.made.port))
        self.made.wait(30)
        return time.monotonic() - began


def killed_under_load(made: Installation, server: Any = None) -> None:
    """Writers open matters, two people hand in files, and processes die."""
    processes, stop = Processes(made, server), threading.Event()
    givers = [Giver(made, stop) for _ in range(2)]
    for giver in givers:
        giver.start()
    writers, back = rounds(made, processes.kill, ROUNDS)
    stop.set()
    for giver in givers:
        giver.join(60)
        assert not giver.is_alive()
    judge(made, writers, back, processes.usual)
    said = judge_givers(made, givers)
    measured(f"killed: {', '.join(f'{name} {n}' for name, n in processes.killed.items())}; {said}")


def test_web_and_worker_killed_while_people_write(tmp_path: Path) -> None:
    """Each by itself and both at once. The database lives in them."""
    made = prepare(tmp_path / "home")
    try:
        killed_under_load(made)
    finally:
        made.stop()


@pytest.mark.long
def test_postgresql_web_and_worker_killed_while_people_write(tmp_path: Path) -> None:
    """The same, and every process of the server at once; synchronous commits to a disk."""
    from faults.own_postgres import OwnServer

    with OwnServer.fresh() as server:
        if server is None:
            pytest.skip("PostgreSQL is not installed")
        made = prepare(tmp_path / "home", server.url)
        try:
            killed_under_load(made, server)
        finally:
            made.stop()
