"""`/design`: tokens and components as they are now. Served where `SITE_DESIGN` says so: in development."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from api_gateway.site.api_client import Api
from api_gateway.site.asset_files import assets
from api_gateway.site.bills.tally import Tally, tally
from api_gateway.site.charts.bars import Bar, bars
from api_gateway.site.charts.day_strip import DayStrip, day_strip
from api_gateway.site.charts.month_columns import Column, columns
from api_gateway.site.charts.tile_map import Tile, box, tile_map
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.pages.design_parts import DesignParts, design_parts
from api_gateway.site.rendering import Shown
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label, phrases

_TOKEN = re.compile(r"--([a-z0-9-]+): ?([^;}]+)[;}]")
_PALETTE = re.compile(r":root ?\{(.*?\})", re.DOTALL)
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_STATES = {"SP": 90, "MG": 70, "RJ": 60, "BA": 50, "RS": 45, "PR": 40, "PE": 30, "CE": 25, "PA": 20, "GO": 15, "AM": 5}
"""Invented counts for the tiles."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the style sheet; `dark` is empty where it has one value for both themes."""

    name: str
    value: str
    dark: str

    @property
    def is_colour(self) -> bool:
        """Whether it can be shown as a swatch."""
        return bool(_COLOUR.fullmatch(self.value))


@dataclass(frozen=True, slots=True)
class DesignView:
    """The page: every token, and invented data for every component."""

    tokens: tuple[Token, ...]
    pills: tuple[Label, ...]
    houses: tuple[Label, ...]
    states: tuple[Label, ...]
    tally: Tally | None
    strip: DayStrip
    columns: tuple[Column, ...]
    bars: tuple[Bar, ...]
    tiles: tuple[Tile, ...]
    box: tuple[int, int]
    parts: DesignParts


def tokens_of(css: str) -> tuple[Token, ...]:
    """The tokens of a style sheet: those of its first `:root`, with the values of its second where it has others. With
    a space behind each comma, whether or not the sheet has it.
    """
    light, dark, *_ = (dict(_TOKEN.findall(re.sub(r",\s*", ", ", block))) for block in _PALETTE.findall(css))
    return tuple(Token(name, value, dark.get(name, "")) for name, value in light.items())


async def show_design(visit: Visit, api: Api) -> Shown:
    """The page; it asks the API nothing."""
    return Shown("design.html", design_view(visit), visit.words.t("design.title"), indexed=False)


def design_view(visit: Visit) -> DesignView:
    """Everything at once."""
    states = ("FRESH", "PARTIAL", "STALE", "BLOCKED", None)
    counts = [(code, code, 900 // (place + 1)) for place, code in enumerate(("PL", "PEC", "MPV", "PDL"))]
    return DesignView(
        tokens_of(assets()["site.css"].content.decode()),
        _all(visit, "BillStatus"),
        _all(visit, "Chamber"),
        _all(visit, "SourceState"),
        tally(visit, {"yes": 318, "no": 120, "abstain": 4, "other": 2}),
        day_strip([states[number * number % 97 % 5] if number > 20 else None for number in range(90)]),
        columns([(f"{number}", 40 + number * 37 % 60) for number in range(36)]),
        bars(counts, 2000),
        tile_map(_STATES),
        box(),
        design_parts(visit),
    )


def _all(visit: Visit, vocabulary: str) -> tuple[Label, ...]:
    values: Mapping[str, object] = phrases()["vocabulary"][vocabulary]
    return tuple(visit.words.label(vocabulary, code) for code in values)


ROUTES = (PageRoute("/design", show_design),)
