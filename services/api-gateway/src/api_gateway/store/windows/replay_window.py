"""Ids of the windows in which dead letters are replayed. Such a window never ends, so it moves no checkpoint."""

import re
import secrets

from legis.events import WindowRef

_NAME = re.compile(r"^replay-(\d{1,18})-[0-9a-f]{12}$")


def replay_window_id(letter_id: int) -> str:
    """A new window id for the replay of a dead letter."""
    return f"replay-{letter_id}-{secrets.token_hex(6)}"


def replayed_letter(window: WindowRef | None) -> int | None:
    """The id of the dead letter that is replayed in this window; None for a window of a walk."""
    found = _NAME.match(window.window_id) if window is not None else None
    return int(found[1]) if found else None
