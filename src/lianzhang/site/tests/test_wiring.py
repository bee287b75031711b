"""A delivery places its enterprises in the chains; taken back, it places them anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from lianzhang.domains.chains.models import Placement
from lianzhang.kernel import signals
from lianzhang.kernel.models import Import
from lianzhang.registry.models import Enterprise, Filing
from lianzhang.site import wiring

pytestmark = pytest.mark.django_db


def _emit(signal: Any, delivery: Import) -> None:
    with transaction.atomic():
        signals.emit(signal, dataset=delivery.dataset, import_id=delivery.pk)


def test_placements_follow_deliveries(enterprise: Any, django_capture_on_commit_callbacks: Any) -> None:
    firm = enterprise(industry="3391")
    delivery = Import.objects.create(dataset="enterprises", file_name="名录.xlsx", sha256="0" * 64)
    Filing.objects.create(
        enterprise=firm, values={}, delivery=delivery, source="district", as_of=date(2023, 3, 1)
    )
    assert not Placement.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        _emit(signals.import_applied, delivery)
    assert Placement.objects.get().segment.code == "castings"
    Enterprise.objects.update(registered=False)
    with django_capture_on_commit_callbacks(execute=True):
        _emit(signals.import_undone, delivery)
    assert not Placement.objects.exists()


def test_connecting_twice_listens_once() -> None:
    before = len(signals.import_applied.receivers)
    wiring.connect()
    assert len(signals.import_applied.receivers) == before > 0
