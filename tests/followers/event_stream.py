"""A reader of Server-Sent Events, by the HTML standard: only what was dispatched moves the last event id."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One event with the last event id at its dispatch."""

    id: str
    name: str
    data: str


class EventStream:
    """Takes bytes as they arrive, cut anywhere. `last_id` is what a reader sends back when it connects again."""

    def __init__(self, last_id: str = "") -> None:
        self.last_id = last_id
        self._rest = b""
        self._id = last_id
        self._name = ""
        self._data: list[str] = []

    def take(self, piece: bytes) -> list[Event]:
        """The events that these bytes complete, in order."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        found = [self._line(line.decode()) for line in lines]
        return [event for event in found if event is not None]

    def _line(self, line: str) -> Event | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            self._id = value
        elif name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        return None

    def _dispatch(self) -> Event | None:
        self.last_id = self._id
        name, data = self._name or "message", "\n".join(self._data)
        self._name, self._data = "", []
        return Event(self.last_id, name, data) if data else None
