"""Places for requests to receivers: many for those that are healthy, fewer for those that fail, few for each one."""

from collections.abc import Collection
from dataclasses import dataclass

HEALTHY_PLACES, SUSPECT_PLACES = 256, 32
PLACES_OF_A_RECEIVER = 8
"""Requests in flight to one address while it is healthy, whatever number of subscriptions lead there: so twenty that
begin to hang leave places for the others. One that fails has one place, until a request succeeds.
"""


@dataclass(slots=True)
class _Receiver:
    in_flight: int = 0
    failing: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The right to one request at a time to a receiver."""

    target: str
    suspect: bool


class Places:
    """Places for deliveries: which receivers hold one, and which failed last. No I/O; for one event loop."""

    def __init__(self) -> None:
        self._healthy, self._suspects = 0, 0
        self._receivers: dict[str, _Receiver] = {}

    def take(self, target: str, *, suspect: bool) -> Place | None:
        """A place for a request to that address, or None while there is none. `suspect`: the subscription itself failed
        last.
        """
        receiver = self._receivers.setdefault(target, _Receiver())
        if receiver.in_flight >= (1 if receiver.failing else PLACES_OF_A_RECEIVER):
            return None
        place = Place(target, suspect or receiver.failing)
        if place.suspect:
            if self._suspects >= SUSPECT_PLACES:
                return None
            self._suspects += 1
        else:
            if self._healthy >= HEALTHY_PLACES:
                return None
            self._healthy += 1
        receiver.in_flight += 1
        return place

    def answered(self, target: str, *, succeeded: bool) -> None:
        """Takes the outcome of a request."""
        self._receivers.setdefault(target, _Receiver()).failing = not succeeded

    def give_back(self, place: Place) -> None:
        """Ends the right."""
        self._receivers[place.target].in_flight -= 1
        if place.suspect:
            self._suspects -= 1
        else:
            self._healthy -= 1

    def forget_others(self, targets: Collection[str]) -> None:
        """Forgets the receivers that are not among these addresses and have no request in flight."""
        self._receivers = {
            target: one for target, one in self._receivers.items() if one.in_flight or target in targets
        }  # fmt: skip
