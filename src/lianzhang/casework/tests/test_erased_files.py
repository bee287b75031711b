"""Files of a person who is erased: they stay, unless it is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from lianzhang.casework import services
from lianzhang.casework.models import Attachment
from lianzhang.city import subjects
from lianzhang.kernel import events
from lianzhang.kernel.imports import store
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


def test_files_go_only_when_it_is_asked_for(
    town: Any, dispute: Any, django_capture_on_commit_callbacks: Any
) -> None:
    matter = dispute()
    own, other = b"%PDF-1.7 his own\n%%EOF", b"%PDF-1.7 held by two\n%%EOF"
    for content in (own, other):
        services.attach(actor=town.asker, matter_id=matter.pk, name="a.pdf", chunks=[content], public=True)
    services.attach(actor=town.chain_office, matter_id=matter.pk, name="b.pdf", chunks=[other])
    mine, shared = Attachment.objects.filter(uploaded_by=town.asker.user).order_by("pk")
    person = User.objects.get(pk=town.asker.user_id)
    done = subjects.erase(actor=SYSTEM, user=person, why="asked")
    assert "casework.attachment.name" in done.kept
    assert store.path_of(mine.sha256).exists()
    with django_capture_on_commit_callbacks(execute=True):
        subjects.erase(actor=SYSTEM, user=person, why="asked", attachments=True)
    assert not Attachment.objects.filter(uploaded_by=person).exists()
    assert not store.path_of(mine.sha256).exists()
    assert store.path_of(shared.sha256).exists(), "another file has the same bytes"
    assert list(events.verify()) == []
