"""What the tests of the pages share: files as bureaus send them, a person's steps."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.jobs import worker
from lianzhang.kernel.models import Import

CODES = [make_uscc("91", "449900", f"MA{i:06d}") for i in range(20)]
HEAD = "统一社会信用代码,企业名称,所在区,行业代码,营业收入(万元),从业人数\n"


def roster(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    """A roster as csv; without rows two good ones."""
    good = (f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,500", f"{CODES[1]},云溪二号有限公司,西岭,3611,—,")
    return (head + "\n".join(rows or good) + "\n").encode(encoding)


def upload(client: Any, content: bytes, name: str = "名录.csv", run: bool = True, **said: str) -> Import:
    """Hand a file in through the page, as a browser does, and let the worker read it."""
    data = {"dataset": "enterprises", "source": "district", "period": "2022", "use": "", **said}
    answer = client.post("/imports/new/", {**data, "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    row = Import.objects.latest("id")
    assert answer["Location"] == f"/imports/{row.pk}/"
    if run:
        worker.run(once=True)
        row.refresh_from_db()
    return row


def step(client: Any, row: Import, what: str, **data: str) -> Import:
    """Press a button of the delivery's page and let the worker work."""
    answer = client.post(f"/imports/{row.pk}/{what}/", data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    worker.run(once=True)
    row.refresh_from_db()
    return row
