"""People who hand in files all the time, so that the worker has something to do when it is killed."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lianzhang.engines.tables import make_uscc

if TYPE_CHECKING:
    from faults.installation import Installation

TOKEN, EDGE, PAUSE = "a" * 32, "faults-edge", 0.5
ROSTER = (
    "统一社会信用代码,企业名称,所在区,行业代码,营业收入(万元)\n"
    f"{make_uscc('91', '449900', 'MA000001')},云溪一号有限公司,东岸区,3670,1200\n"
).encode()
SAID = {"dataset": "enterprises", "source": "district", "period": "2022", "use": ""}
LOOK = """
import django, json; django.setup()
from lianzhang.kernel.imports import store
from lianzhang.kernel.models import Import, Job
print(json.dumps({"deliveries": {d.pk: [d.state, store.path_of(d.sha256).is_file()] for d in Import.objects.all()},
  "jobs": [[j.function, j.state, j.attempts, j.error[:200]] for j in Job.objects.all()]}))
"""


@dataclass
class Giver(threading.Thread):
    """Hands in one roster after the other through the page; keeps the numbers of those that were acknowledged."""

    made: Installation
    stop: threading.Event
    acknowledged: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stop.wait(PAUSE):
            try:
                status, where = self._hand_in()
            except (OSError, http.client.HTTPException):
                continue  # nobody said that it arrived: it may be there or not
            if status == 302:
                self.acknowledged.append(int(where.strip("/").rpartition("/")[2]))
            elif status not in (429, 503):
                self.refused.append(status)

    def _hand_in(self) -> tuple[int, str]:
        parts = [
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {**SAID, "csrfmiddlewaretoken": TOKEN}.items()
        ]
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="roster.csv"\r\n\r\n'
        body = b"".join([*parts, head.encode(), ROSTER, f"\r\n--{EDGE}--\r\n".encode()])
        line = http.client.HTTPConnection("127.0.0.1", self.made.port, timeout=20)
        try:
            cookies = f"sessionid={self.made.people['data_officer']}; csrftoken={TOKEN}"
            kind = f"multipart/form-data; boundary={EDGE}"
            line.request("POST", "/imports/new/", body, {"Cookie": cookies, "Content-Type": kind})
            answer = line.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            line.close()


def judge_givers(made: Installation, givers: list[Giver], longest: float = 90) -> str:
    """Every acknowledged delivery is read once the worker has taken up what its predecessors left; its file lies there.
    Returns what was seen, in words."""
    end = time.monotonic() + longest
    while True:
        found = json.loads(made.script(LOOK))
        if all(job[1] == "done" for job in found["jobs"]) or time.monotonic() > end:
            break
        time.sleep(2)
    acknowledged = [str(pk) for giver in givers for pk in giver.acknowledged]
    assert [status for giver in givers for status in giver.refused] == []
    assert acknowledged, "nobody handed anything in"
    assert {tuple(found["deliveries"][pk]) for pk in acknowledged} == {("read", True)}
    assert {tuple(state) for state in found["deliveries"].values()} == {("read", True)}
    assert [job for job in found["jobs"] if job[1] != "done"] == []
    assert len(found["jobs"]) == len(found["deliveries"]), "a reading too many, or too few"
    again = sum(job[2] > 1 for job in found["jobs"])
    return f"{len(acknowledged)} files handed in and read, {again} of them by a worker that took over"
