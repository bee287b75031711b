"""How domains meet: the only file that knows two of them. Listeners of the kernel's signals, which come after commit."""

from __future__ import annotations

from lianzhang.domains.chains import listeners as chains
from lianzhang.kernel import signals
from lianzhang.registry import listeners as registry


def connect() -> None:
    """Connect every listener once, however often the program gets ready."""
    signals.import_applied.connect(chains.on_import_applied, dispatch_uid="chains.place")
    signals.import_applied.connect(registry.on_import_applied, dispatch_uid="registry.doubles")
    signals.import_undone.connect(registry.on_import_undone, dispatch_uid="registry.doubles_all")
    signals.entries_merged.connect(registry.on_entries_merged, dispatch_uid="registry.doubles_merged")
    signals.entries_merged.connect(chains.on_entries_merged, dispatch_uid="chains.place_merged")
    signals.figures_changed.connect(chains.on_entries_merged, dispatch_uid="chains.place_consented")
    signals.import_undone.connect(chains.on_import_undone, dispatch_uid="chains.place_all")
