"""The algorithms against the examples of their standards."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lianzhang.kernel import crypto
from lianzhang.kernel.crypto import guomi, sm2

H = bytes.fromhex


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_of_gbt_32905_annex_a(message: bytes, expected: str) -> None:
    assert crypto.digest(message, "sm3") == expected


def test_sha256_of_fips_180_4() -> None:
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert crypto.digest(b"abc", "sha256") == expected


def test_sm4_of_gbt_32907_annex_a_once_and_a_million_times() -> None:
    key = block = H("0123456789abcdeffedcba9876543210")
    lock = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    block = lock.update(block)
    assert block == H("681edf34d206965e86b3e94f536e4246")
    for _ in range(999_999):
        block = lock.update(block)
    assert block == H("595298c7c6fd271f0402f804c33d3f66")


def test_sm4_gcm_of_rfc_8998() -> None:
    key, nonce = H("0123456789abcdeffedcba9876543210"), H("00001234567800000000abcd")
    associated = H("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = b"".join(bytes([c]) * 8 for c in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    body = H(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert guomi.encrypt(key, nonce, plain, associated) == body
    assert guomi.decrypt(key, nonce, body, associated) == plain
    with pytest.raises(InvalidTag):
        guomi.decrypt(key, nonce, body, associated[:-1] + b"\0")


def test_aes_256_gcm_of_the_gcm_submission_case_16() -> None:
    key = H("feffe9928665731c6d6a8f9467308308") * 2
    plain = H(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    body = H(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
    )
    associated = H("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    assert AESGCM(key).encrypt(H("cafebabefacedbaddecaf888"), plain, associated) == body


def test_hmac_sha256_of_rfc_4231_case_2() -> None:
    found = hmac.digest(b"Jefe", b"what do ya want for nothing?", hashlib.sha256).hex()
    assert found == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 200])
def test_hmac_sm3_is_the_construction_of_rfc_2104_over_sm3(size: int) -> None:
    key, message = bytes(range(256))[:size], b"message" * size
    block = (H(crypto.digest(key, "sm3")) if size > 64 else key).ljust(64, b"\0")
    inner = crypto.digest(bytes(b ^ 0x36 for b in block) + message, "sm3")
    assert guomi.hmac_sm3(key, message).hex() == crypto.digest(
        bytes(b ^ 0x5C for b in block) + H(inner), "sm3"
    )


def test_ed25519_of_rfc_8032_test_1() -> None:
    key = Ed25519PrivateKey.from_private_bytes(
        H("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert key.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )


D = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21


def test_sm2_of_gbt_32918_5() -> None:
    assert sm2.public(D).hex() == (
        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    )
    signature = sm2.sign(D, b"message digest", K)
    assert signature.hex() == (
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    )
    assert sm2.verify(sm2.public(D), b"message digest", signature)


def test_sm2_refuses_numbers_out_of_range_and_other_messages() -> None:
    point, signature = sm2.public(D), sm2.sign(D, b"a")
    assert not sm2.verify(point, b"b", signature)
    assert not sm2.verify(point, b"a", signature[:32] + sm2.ORDER.to_bytes(32))
    assert not sm2.verify(point, b"a", bytes(64))
    assert not sm2.verify(point, b"a", signature[:-1])
    assert sm2.sign(D, b"a") != signature, "k is drawn anew each time"


def test_sm2_keys_whose_public_part_begins_with_zero_or_four_verify_too() -> None:
    """`gmssl` takes such digits off a key that begins with 04."""
    key = next(k for k in range(D, D + 2000) if sm2.public(k).hex().startswith("04"))
    assert sm2.verify(sm2.public(key), b"a", sm2.sign(key, b"a"))
