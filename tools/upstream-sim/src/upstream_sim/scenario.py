"""The parameters of a simulator."""

from dataclasses import dataclass
from datetime import datetime

MIN_BILLS = 100
MAX_BILLS = 1_200_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """Parameters of one synthetic Congress: the same scenario always gives the same bills.

    `bills` counts both chambers together. `starts_at` is the simulated time in Brasília at the start; None is the real
    time. Corpora that start on different days differ, so tests of equality set it. `changes_per_minute` counts changes
    of both chambers per minute of simulated time. `former_deputies` counts those who left in each legislature.
    """

    seed: int = 1
    bills: int = 1000
    changes_per_minute: float = 6.0
    oddities: bool = True
    starts_at: datetime | None = None
    former_deputies: int = 20

    def __post_init__(self) -> None:
        if not MIN_BILLS <= self.bills <= MAX_BILLS:
            raise ValueError(f"bills must be between {MIN_BILLS} and {MAX_BILLS}, not {self.bills}")
        if self.changes_per_minute < 0:
            raise ValueError("changes_per_minute must not be negative")
        if self.starts_at is not None and self.starts_at.tzinfo is not None:
            raise ValueError("starts_at is naive Brasília time")
