"""The file as it came, its refused rows, and the empty workbook of a data set."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from lianzhang.kernel.imports import blank, rejects, store
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports.web.delivery import readable
from lianzhang.kernel.web.access import needs

KINDS = {".xlsx", ".xls", ".csv", ".txt", ".parquet", ".zip"}


@needs("import.view")
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The delivered file, byte for byte. Its name is made here: one from outside says nothing reliable."""
    row = readable(request, pk)
    suffix = Path(row.file_name).suffix.lower()
    return _send(store.path_of(row.sha256), f"import_{row.pk}{suffix if suffix in KINDS else '.bin'}")


@needs("import.view")
def rejected(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The refused rows with the reason beside each, to be mended and handed in again."""
    row = readable(request, pk)
    if not row.rejects_file:
        raise Http404
    path = rejects.path_of(row.rejects_file)
    return _send(path, f"import_{row.pk}_rejected{path.suffix}")


@needs("import.run")
def blank_workbook(request: HttpRequest, dataset: str) -> HttpResponseBase:
    """An empty workbook to fill in, with what each column takes."""
    if dataset not in datasets.codes():
        raise Http404
    content = BytesIO()
    blank.write(content, dataset)
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=f"{dataset}.xlsx")


def _send(path: Path, name: str) -> HttpResponseBase:
    """As a download of unknown kind: the browser shows nothing of it."""
    if not path.exists():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
