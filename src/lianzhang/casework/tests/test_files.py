"""Which files are taken, by their bytes and their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lianzhang.casework import services
from lianzhang.casework.models import Attachment
from lianzhang.casework.services import Invalid, Missing, NotPossible
from lianzhang.kernel.filetypes import Unwelcome, kind_of
from lianzhang.kernel.imports import store


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.pdf", b"%PDF-1.4", "pdf"),
        ("A.PDF", b"%PDF-1.4", "pdf"),
        ("a.png", b"\x89PNG\r\n\x1a\n..", "png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "jpeg"),
        ("a.docx", b"PK\x03\x04....", "zip"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        ("a.csv", "名称,值\n".encode("gb18030"), "text"),
        ("a.txt", ("字" * 3000).encode()[:4096], "text"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBP", "webp"),
    ],
)
def test_kinds_that_are_taken(name: str, head: bytes, kind: str) -> None:
    assert kind_of(name, head) == kind


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.pdf", b"<html>"),
        ("a.txt", b"<svg xmlns=..."),
        ("a.txt", b"MZ\x90\x00\x03"),
        ("a.html", b"hello"),
        ("a.exe", b"PK\x03\x04"),
        ("a.svg", b"plain"),
        ("a", b"%PDF-1.4"),
        ("a.png", b"%PDF-1.4"),
    ],
)
def test_kinds_that_are_not(name: str, head: bytes) -> None:
    with pytest.raises(Unwelcome):
        kind_of(name, head)


@pytest.mark.django_db
def test_a_file_is_bounded_and_leaves_nothing_behind(town: Any, dispute: Any, settings: Any) -> None:
    settings.ATTACHMENT_LIMIT_BYTES = 10_000
    matter = dispute()

    def endless() -> Iterator[bytes]:
        yield b"%PDF-"
        while True:
            yield b"x" * 4096

    for name, chunks in (("big.pdf", endless()), ("empty.pdf", iter([])), ("../..", iter([b"%PDF-"]))):
        with pytest.raises(Invalid) as wrong:
            services.attach(actor=town.asker, matter_id=matter.pk, name=name, chunks=chunks)
        assert set(wrong.value.problems) == {"file"}
    assert not Attachment.objects.exists()
    assert [p for p in (settings.HOME / "files").rglob("*") if p.is_file()] == []


@pytest.mark.django_db
def test_a_name_from_outside_is_only_a_name(town: Any, dispute: Any) -> None:
    matter = dispute()
    file = services.attach(
        actor=town.asker, matter_id=matter.pk, name="..\\..\\etc/passwd\n\x00.pdf", chunks=[b"%PDF-", b"abc"]
    )
    assert file.name == "passwd.pdf"
    assert store.path_of(file.sha256).read_bytes() == b"%PDF-abc"
    long = services.attach(actor=town.asker, matter_id=matter.pk, name="长" * 300 + ".pdf", chunks=[b"%PDF-"])
    assert len(long.name) <= 200
    assert long.name.endswith(".pdf")


@pytest.mark.django_db
def test_only_who_sees_and_acts_may_attach(town: Any, dispute: Any, actor: Any) -> None:
    from dataclasses import replace

    matter = dispute()
    with pytest.raises(Missing):
        services.attach(actor=town.other_asker, matter_id=matter.pk, name="a.pdf", chunks=[b"%PDF-"])
    onlooker = replace(town.director, verbs={"matter.view": frozenset({"city"})})
    with pytest.raises(NotPossible):
        services.attach(actor=onlooker, matter_id=matter.pk, name="a.pdf", chunks=[b"%PDF-"])
    assert not Attachment.objects.exists()
