"""`WindowEnded` v1: number of events in a window, and the walk's position once all of them are stored."""

from typing import Literal

from pydantic import Field

from legis.events.envelope import Envelope, Walk


class WindowEnded(Envelope):
    """All `items` events of a window are published. Once all are stored, the walk's checkpoint moves to `hi`."""

    kind: Literal["window_ended"] = "window_ended"
    window_id: str
    walk: Walk
    lo: int
    hi: int
    items: int = Field(ge=0)
    max_read_seq: int
