"""Names of the catalogue in each language and script."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from lianzhang.city.models import Industry
from lianzhang.city.services import in_language, section
from lianzhang.city.words import in_words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("zh-hans", "汽柴油车整车制造"),
        ("zh-hant", "汽柴油車整車製造"),
        ("en", "Manufacture of automobiles (3611)"),
    ],
)
def test_a_class_of_industry_is_named_in_the_readers_language(
    catalogue: Any, language: str, label: str
) -> None:
    with override(language):
        assert Industry.objects.get(code="3611").label == label


@pytest.mark.parametrize(
    ("language", "code", "text"),
    [
        ("zh-hans", "3611", "3611 汽柴油车整车制造"),
        ("en", "3611", "Manufacture of automobiles (3611)"),
        ("en", "36", "36 Manufacture of motor vehicles"),
    ],
)
def test_a_code_stands_once_beside_its_name(catalogue: Any, language: str, code: str, text: str) -> None:
    with override(language):
        assert Industry.objects.get(code=code).coded == text


def test_longer_names_are_not_cut_apart_on_the_way_to_traditional(catalogue: Any) -> None:
    with override("zh-hant"):
        assert Industry.objects.get(code="26").label == "化學原料和化學製品製造業"


def test_every_class_has_an_english_name(catalogue: Any) -> None:
    assert not Industry.objects.filter(en="").exists()


def test_titles_of_the_catalogue_follow_the_script() -> None:
    title = {"zh": "链长办", "en": "Chain-leader office"}
    found = {}
    for language in ("zh-hans", "zh-hant", "en"):
        with override(language):
            found[language] = in_language(title)
    assert found == {"zh-hans": "链长办", "zh-hant": "鏈長辦", "en": "Chain-leader office"}


def test_units_and_holders_of_all_facts_have_an_english_word(catalogue: Any) -> None:
    with override("en"):
        words = [in_words(fact[key] or "") for fact in section("facts.yaml") for key in ("unit", "holder")]
        words += [in_words(row["unit"]) for row in section("indicators.yaml")]
    assert [word for word in words if not word.isascii() and word != "m²"] == []
    assert in_words("亩") == "亩"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["千瓦时", "吨标准煤", "亩"]),
        ("zh-hant", ["千瓦時", "噸標準煤", "畝"]),
        ("en", ["kWh", "tce", "mu"]),
    ],
)
def test_units_of_energy_are_words_in_chinese(language: str, words: list[str]) -> None:
    with override(language):
        assert [in_words(unit) for unit in ("kWh", "tce", "亩")] == words
