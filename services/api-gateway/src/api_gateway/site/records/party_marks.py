"""The colour of each party's mark, from one reviewed file."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def party_colours() -> Mapping[str, str]:
    """Colours as `#rrggbb`, by acronym."""
    file = files("api_gateway.site.records") / "party_colours.toml"
    return tomllib.loads(file.read_text("utf-8"))


def party_colour(acronym: str | None) -> str | None:
    """The colour of a party's mark; None for a party that has none: its mark is then that of notes."""
    return party_colours().get(acronym or "")
