"""Meetings by order: announced, moved and cancelled, and bills put on their agendas and taken off."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from legis_launcher.servers.simulator import Simulator

BODY = {"camara": "CCJC", "senado": "CAE"}
ITEMS = 3
NEAREST_DAYS, DAYS = 3, 18
"""A meeting begins so many days from now at the soonest, and within so many more: every poll lists it then."""


@dataclass(slots=True)
class Ordered:
    """One meeting by the chamber's number, and the bills that are on its agenda now."""

    number: int
    bills: list[int] = field(default_factory=list)


class AgendaOrders:
    """Gives the orders to one simulator, and keeps what was taken off an agenda: a loss that is none."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._meetings: dict[str, list[Ordered]] = {source: [] for source in BODY}
        self.given = 0
        self.taken_off: set[str] = set()
        """Ids of ours of bills that an order took from some agenda."""

    def give(self, kind: str, source: str, pick: int, movers: list[int]) -> None:
        """One order; the first of a house announces, whatever its kind. `movers` are bills that stay there."""
        self.given += 1
        meetings = self._meetings[source]
        if kind == "announce" or not meetings:
            bills = [movers[(pick + 5 * n) % len(movers)] for n in range(ITEMS)]
            told = self._order("announce", source, body=BODY[source], starts=self._day(pick), bills=bills)
            meetings.append(Ordered(int(told["id"]), bills))
            return
        meeting = meetings[pick % len(meetings)]
        if kind == "reschedule":
            meeting.number = int(self._order(kind, source, id=meeting.number, starts=self._day(pick))["id"])
        elif kind == "cancel":
            self._order(kind, source, id=meeting.number)
            meetings.remove(meeting)
        elif kind == "drop" and len(meeting.bills) > 1:
            bill = meeting.bills.pop(pick % len(meeting.bills))
            self.taken_off.add(f"{source}-{bill}")
            self._order("drop-item", source, id=meeting.number, bill=bill)
        elif (bill := movers[pick % len(movers)]) not in meeting.bills:
            meeting.bills.append(bill)
            self._order("return-item", source, id=meeting.number, bill=bill)

    def _day(self, pick: int) -> str:
        now = datetime.fromisoformat(self._simulator.get("/control")["now"])
        at = now + timedelta(days=NEAREST_DAYS + pick % DAYS)
        return at.replace(hour=9 + pick % 8, minute=0, second=0, microsecond=0).isoformat()

    def _order(self, name: str, source: str, **more: Any) -> dict[str, Any]:
        told: dict[str, Any] = self._simulator.post(f"/control/agenda/{name}", {"source": source, **more})
        return told
