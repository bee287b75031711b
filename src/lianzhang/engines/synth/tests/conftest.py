"""Cities drawn once for all tests of the engine."""

from pathlib import Path

import pytest

from lianzhang.engines.synth import City, Reference, draw_city, load_reference

CATALOGUES = Path(__file__).resolve().parents[5] / "catalogues"


@pytest.fixture(scope="session")
def guangzhou() -> Reference:
    return load_reference(CATALOGUES / "_reference", CATALOGUES / "guangzhou")


@pytest.fixture(scope="session")
def example() -> Reference:
    return load_reference(CATALOGUES / "_reference", CATALOGUES / "example")


@pytest.fixture(scope="session")
def whole_city(guangzhou: Reference) -> City:
    return draw_city(guangzhou, seed=1)


@pytest.fixture(scope="session")
def small_city(guangzhou: Reference) -> City:
    return draw_city(guangzhou, seed=3, scale=0.05)
