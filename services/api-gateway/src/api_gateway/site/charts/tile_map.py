"""The federation as tiles: each state a square of equal size near its place, as dark as its count is high."""

from collections.abc import Mapping
from dataclasses import dataclass

SIZE, GAP = 56, 6
COLUMNS, ROWS = 7, 8
SHADES = 5

_PLACES = {
    "RR": (2, 0), "AP": (4, 0),
    "AM": (1, 1), "PA": (3, 1), "MA": (4, 1), "CE": (5, 1), "RN": (6, 1),
    "AC": (0, 2), "RO": (1, 2), "TO": (3, 2), "PI": (4, 2), "PE": (5, 2), "PB": (6, 2),
    "MT": (2, 3), "DF": (3, 3), "BA": (4, 3), "SE": (5, 3), "AL": (6, 3),
    "MS": (2, 4), "GO": (3, 4), "MG": (4, 4), "ES": (5, 4),
    "SP": (3, 5), "RJ": (4, 5),
    "PR": (3, 6), "SC": (4, 6),
    "RS": (3, 7),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    """One state: its place, its count, and its shade from 0 (none) to SHADES."""

    code: str
    count: int
    x: int
    y: int
    shade: int

    @property
    def middle(self) -> tuple[int, int]:
        """The middle of the tile, where its name is written."""
        return self.x + SIZE // 2, self.y + SIZE // 2


def tile_map(counts: Mapping[str, int]) -> tuple[Tile, ...]:
    """A tile for each of the 27 states; a state without a count has none. Shades go by rank, so that one large state
    does not make all others look alike.
    """
    ranked = sorted((code for code in _PLACES if counts.get(code)), key=lambda code: counts[code])
    shades = {code: 1 + SHADES * place // len(ranked) for place, code in enumerate(ranked)}
    step = SIZE + GAP
    return tuple(
        Tile(code, counts.get(code, 0), step * column, step * row, shades.get(code, 0))
        for code, (column, row) in _PLACES.items()
    )


def box() -> tuple[int, int]:
    """Width and height of the map."""
    return COLUMNS * (SIZE + GAP) - GAP, ROWS * (SIZE + GAP) - GAP
