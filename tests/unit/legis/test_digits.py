"""Whole numbers in texts that others wrote."""

import pytest
from legis.digits import digits_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("2147483647", 2147483647),
        ("0" * 5000, 0),
        ("0" * 20 + "9" * 10, 9_999_999_999),
        ("9" * 18, 10**18 - 1),
        ("9" * 30, None),
        ("0" * 20 + "9" * 30, None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("፩፩", None),
        ("١٢", None),
    ],
)
def test_only_ascii_digits_are_a_number(text: str, value: int | None) -> None:
    assert digits_value(text) == value


def test_a_number_above_the_greatest_is_none() -> None:
    assert (digits_value("10", 10), digits_value("11", 10), digits_value("00011", 10)) == (10, None, None)
