"""JSON-LD as a data block of a page."""

from collections.abc import Mapping
from typing import Any

import orjson
from markupsafe import Markup


def as_data_block(document: Mapping[str, Any]) -> Markup:
    """The document as the content of a `<script type="application/ld+json">`.

    A script's content is not escaped as HTML, and `</script` in a stored text would end it: so `<`, `>` and `&` are
    written as JSON escapes. The result is Markup for that reason alone.
    """
    text = orjson.dumps({name: value for name, value in document.items() if value is not None}).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
