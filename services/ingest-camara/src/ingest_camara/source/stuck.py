"""Remembers bills that upstream fails on while it answers for others, so that one of them cannot hold up the rest."""

PATIENCE = 3
_MOST = 10_000


class StuckBills:
    """Counts failures of a bill between which another bill was read whole: upstream is there, this bill is not.

    In an outage no bill is read whole, so nothing is given up in one, however long it lasts.
    """

    def __init__(self) -> None:
        self._whole = 0
        self._failures: dict[str, int] = {}
        self._counted_at: dict[str, int] = {}

    def read(self, upstream_id: str) -> None:
        """This bill was read whole."""
        self._whole += 1
        self._failures.pop(upstream_id, None)
        self._counted_at.pop(upstream_id, None)

    def failed(self, upstream_id: str) -> None:
        """This bill could not be read."""
        if self._whole > self._counted_at.get(upstream_id, -1):
            if len(self._failures) >= _MOST:
                self._failures.clear()
            self._failures[upstream_id] = self._failures.get(upstream_id, 0) + 1
            self._counted_at[upstream_id] = self._whole

    def given_up(self, upstream_id: str) -> bool:
        """Whether its next failure is to be put aside as a record that cannot be read."""
        return self._failures.get(upstream_id, 0) >= PATIENCE
