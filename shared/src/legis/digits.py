"""Reads whole numbers from texts that others wrote."""

_MOST_DIGITS = 19


def digits_value(text: str, most: int = 10**18) -> int | None:
    """The number that a text of ASCII digits writes; None for any other text, and for a number above `most`.

    `str.isdigit` alone is not enough: it is true for signs that `int` does not take (`²`, `፩`), and `int` refuses texts
    of more than 4 300 digits.
    """
    if not (text.isascii() and text.isdigit()):
        return None
    significant = text.lstrip("0") or "0"
    if len(significant) > _MOST_DIGITS:
        return None
    value = int(significant)
    return value if value <= most else None
