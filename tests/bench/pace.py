"""How long each measurement takes: enough to be believed, or only long enough to see that it works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Turns of each subject, seconds of a turn, and how much the parts that send events send."""

    turns: int = 5
    seconds: float = 2.0
    repeats: int = 5
    """Times that each statement of the database part is run."""
    questions: int | None = None
    """The most pairs of filters that are asked; all where None."""
    stream_bills: int = 10_000
    """Bills that the worker takes from the stream in one turn."""
    simulated_bills: int = 4_000
    """Bills of the simulated Congress in the run of the whole line."""
    memory_bills: int = 0
    """Bills of the run that watches memory; 0 for as many as the corpus has."""
    event_rate: int = 500
    event_seconds: float = 15.0
    still_seconds: float = 5.0
    """How long a table must not grow before a backfill is taken to be over."""
    oldest_year: int = 1934
    """Where the backfill of the whole line ends; each year is a window of its own, with a wait at its end."""
    votings: int = 20_000
    """Votings of the part about records, a multiple of ten, each with 25 members' votes; half as many events."""
    datasette: bool = True
    """Whether Datasette is measured, which may have to be installed first."""


SHORTEST = Pace(1, 0.1, 1, 12, 1500, 100, 100, 100, 0.6, 1.0, oldest_year=2025, datasette=False, votings=300)
"""For the test that holds the benchmark together: every part runs, no figure means anything."""
