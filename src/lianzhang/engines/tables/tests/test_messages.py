"""Every problem has its words, in both languages."""

import pytest

from lianzhang.engines.tables import Problem
from lianzhang.engines.tables.problems import templates

NAMES = (
    "length",
    "position",
    "char",
    "meant",
    "expected",
    "low",
    "high",
    "unit",
    "label",
    "letters",
    "first",
    "found",
    "why",
)
ANY = dict.fromkeys((*NAMES, "year", "period", "other"), "?")
KEYS = [k for k in templates() if not k.startswith("_")]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_message_says_where(key, language):
    code, _, detail = key.partition(".")
    problem = Problem("error", "表", 27, "营业收入", "约五百", code, detail, "C", None, ANY)
    sentence = problem.message(language)
    assert ("27" in sentence, "C" in sentence) == (True, True)
    assert "{" not in sentence


def test_codes_of_the_contract_are_there():
    wanted = (
        "missing_required bad_uscc_length bad_uscc_char bad_uscc_check bad_org_check bad_number bad_date out_of_range "
        "unknown_code unknown_unit unknown_enterprise ambiguous_enterprise duplicate_in_file conflict_with_other_source"
    )
    assert set(wanted.split()) <= set(KEYS)


def test_report_has_the_keys_of_the_contract():
    problem = Problem("error", "表", 27, "营业收入", 5.5, "bad_number", letter="C")
    assert list(problem.to_dict()) == ["severity", "sheet", "row", "column", "value", "code", "message"]
    assert problem.to_dict()["value"] == "5.5"


def test_braces_in_the_file_do_no_harm():
    assert "{x}" in Problem("error", "{s}", 1, "{c}", "{x}", "bad_number", letter="A").message()
