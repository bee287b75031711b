"""Credit codes against known ones and against an independent implementation."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from lianzhang.engines.tables import Bad, check_uscc, clean_uscc, make_uscc
from lianzhang.engines.tables.uscc import ALPHABET, all_valid, check_char

from .builders import wide

REAL = ["912201011239989159", "91110000600037341L"]


@pytest.mark.parametrize("code", REAL)
def test_published_codes_are_valid(code):
    assert check_uscc(code) == code
    assert all_valid([code])


def test_full_width_blanks_and_lower_case_are_folded():
    assert check_uscc(" 9111 0000-600037341l ") == "91110000600037341L"
    assert check_uscc(wide("911100006000 37341L")) == "91110000600037341L"
    assert clean_uscc("91110000600037341L\u200b") == "91110000600037341L"


def test_length():
    assert check_uscc("9122010112399891").code == "bad_uscc_length"
    assert check_uscc("9122010112399891").params["length"] == 16


def test_letter_o_is_named_with_the_digit_it_may_stand_for():
    bad = check_uscc("91220101123998915O")
    assert (bad.code, bad.detail, bad.params["position"], bad.params["meant"]) == (
        "bad_uscc_char",
        "lookalike",
        18,
        "0",
    )


def test_letters_in_the_area_part_are_refused():
    assert check_uscc("9122A101123998915X").code == "bad_uscc_char"


def test_wrong_check_character():
    bad = check_uscc(REAL[0][:-1] + "8")
    assert (bad.code, bad.params["expected"]) == ("bad_uscc_check", "9")


def test_wrong_check_of_the_organisation_code_inside():
    good = make_uscc("91", "440101", "MA5ABCD1")
    first17 = good[:16] + ("2" if good[16] != "2" else "3")
    bad = check_uscc(first17 + check_char(first17))
    assert (bad.code, bad.params["expected"]) == ("bad_org_check", good[16])
    assert not all_valid([first17 + check_char(first17)])


@pytest.mark.parametrize("prefix", ["N2", "A1", "Y1", "52"])
def test_registrants_with_letters_are_allowed(prefix):
    code = make_uscc(prefix, "440113", "MF512345")
    assert check_uscc(code) == code
    assert all_valid([code])


@pytest.mark.parametrize(
    "parts", [("9", "440101", "MA5ABCD1"), ("91", "44010A", "MA5ABCD1"), ("91", "440101", "MA5ABCO1")]
)
def test_make_refuses_parts_that_cannot_be(parts):
    with pytest.raises(ValueError, match="cannot build"):
        make_uscc(*parts)


free = st.text(alphabet=ALPHABET, min_size=8, max_size=8)
areas = st.text(alphabet="0123456789", min_size=6, max_size=6)


@given(areas, free)
def test_made_codes_pass_the_oracle(area, org):
    code = make_uscc("91", area, org)
    assert oracle.is_valid(code)
    assert check_uscc(code) == code
    assert all_valid([code, code])


@given(areas, free, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_mistyped_character_is_found(area, org, place, char):
    code = make_uscc("91", area, org)
    assume(code[place] != char)
    wrong = code[:place] + char + code[place + 1 :]
    assert isinstance(check_uscc(wrong), Bad)
    assert not all_valid([wrong])


@given(st.lists(st.text(alphabet=ALPHABET + "OIZaé ", min_size=17, max_size=19), max_size=3))
def test_matrix_check_agrees_with_the_single_one(texts):
    expected = bool(texts) and all(check_uscc(t) == t for t in texts)
    assert all_valid(texts) == expected
