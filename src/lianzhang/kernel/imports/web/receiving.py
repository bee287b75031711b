"""Uploads go straight into the store of files: no second copy, no size beyond the limit."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from lianzhang.kernel.imports.store import Draft


class Kept(UploadedFile):
    """An uploaded file that already lies in the store under its sha256."""

    def __init__(self, name: str, sha256: str, size: int) -> None:
        super().__init__(file=None, name=name, size=size)
        self.sha256 = sha256


class StoreHandler(FileUploadHandler):
    """Streams each uploaded file into the store. Raises TooLarge, or OSError when the disk is full."""

    def __init__(self, request: Any, limit: int) -> None:
        super().__init__(request)
        self.limit = limit
        self.draft: Draft | None = None

    def new_file(self, *args: Any, **more: Any) -> None:
        """A new file begins."""
        super().new_file(*args, **more)
        self.draft = Draft(self.limit)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The next bytes."""
        if self.draft:
            self.draft.write(raw_data)

    def file_complete(self, file_size: int) -> Kept | None:
        """The file is whole. An empty one is not stored."""
        if self.draft is None:
            return None
        draft, self.draft = self.draft, None
        if file_size == 0:
            draft.abort()
            return Kept(self.file_name or "", "", 0)
        return Kept(self.file_name or "", *draft.finish())

    def upload_interrupted(self) -> None:
        """The connection broke: forget the part that came."""
        if self.draft:
            self.draft.abort()
            self.draft = None
