"""The chains' settings of the catalogue in force."""

from __future__ import annotations

from lianzhang.city import services as city
from lianzhang.domains.chains.schemas import SettingsRow


def chain_settings() -> SettingsRow:
    """Thresholds and the title of anchors; the section is never missing in a loaded catalogue."""
    return SettingsRow.model_validate(city.section("chain_settings.yaml")[0])
