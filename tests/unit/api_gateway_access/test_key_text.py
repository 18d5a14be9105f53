"""The text of an API key: read back, told from a mistyped one, compared in constant time, shown nowhere by accident."""

import hashlib
import hmac

import pytest
from api_gateway.access.key_text import KEY_PATTERN, new_key, read_key
from hypothesis import given
from hypothesis import strategies as st


def test_a_key_is_read_back_as_it_was_made() -> None:
    key = new_key()
    text = key.reveal()
    assert KEY_PATTERN.fullmatch(text)
    assert read_key(text) == key
    assert key.digest == hashlib.sha256(key.secret).digest()
    assert len(key.secret) * 8 == 256


def test_no_two_keys_are_alike() -> None:
    keys = [new_key() for _ in range(1000)]
    assert len({key.prefix for key in keys}) == len({key.secret for key in keys}) == 1000


@given(place=st.integers(0, 91), letter=st.sampled_from("0123456789abcdefXÇ _"))
def test_a_mistyped_key_is_no_key(place: int, letter: str) -> None:
    text = new_key().reveal()
    wrong = text[:place] + letter + text[place + 1 :]
    assert (read_key(wrong) is None) == (wrong != text)


@given(st.text(max_size=120))
def test_any_other_text_is_no_key(text: str) -> None:
    assert read_key(text) is None


def test_only_its_own_secret_matches() -> None:
    key, other = new_key(), new_key()
    assert key.matches(key.digest)
    assert not key.matches(other.digest)
    assert not key.matches(None)
    assert not key.matches(bytes(32)), "what unknown keys are compared with is nobody's digest"


def test_an_unknown_key_costs_the_same_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    real = hmac.compare_digest

    def counted(one: bytes, other: bytes) -> bool:
        compared.append(len(one) + len(other))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    key = new_key()
    key.matches(None)
    key.matches(new_key().digest)
    key.matches(key.digest)
    assert compared == [64, 64, 64]


def test_nothing_prints_the_secret() -> None:
    key = new_key()
    assert key.secret.hex() not in f"{key} {key!r}"
    assert repr(key.secret) not in f"{key} {key!r}"
