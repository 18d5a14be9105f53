"""Which failures are a record's own, so that it is set aside and the walk goes on; and when it is asked for again."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from legis.errors import (
    LegisError,
    RecordRejected,
    RecordSetAside,
    UpstreamRequestRefused,
    UpstreamSchemaChanged,
    UpstreamUnavailable,
)
from legis.telemetry.logs import get_logger
from legis.upstream import once

log = get_logger(__name__)

PATIENCE = 3
"""Windows in which a record may fail before it is set aside. A refusal (4xx) is final and told at once."""

FEW = 3
"""So many records that fail while none is read may be their own fault; more are the source's."""

MANY = 10
"""So many refusals while none is read mean that our requests are wrong, not the records."""

FIRST_REST_SECONDS = 300.0
LONGEST_REST_SECONDS = 6 * 3600.0
_MAX_RECORDS = 10_000


class SetAside:
    """What one process knows of records that could not be read, between windows. `clock` is monotonic, in seconds.

    A record that was set aside rests, after a refusal only when it is not the first: lists that name it again hand on
    the same letter and do not ask, for five minutes at first, then twice as long each time. A restart forgets this,
    which costs some more attempts; that a record is set aside is remembered by its dead letter.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[str, int] = {}
        self._times: dict[str, int] = {}
        self._resting: dict[str, tuple[float, RecordRejected]] = {}

    def read(self, upstream_id: str) -> None:
        """This record was read."""
        for known in (self._failures, self._times, self._resting):
            known.pop(upstream_id, None)

    def resting(self, upstream_id: str) -> RecordRejected | None:
        """The letter to hand on instead of asking, while the record rests."""
        until, letter = self._resting.get(upstream_id, (0.0, None))
        return letter if letter is not None and self._clock() < until else None

    def failed(self, upstream_id: str) -> None:
        """Notes that this record could not be read."""
        self._failures[upstream_id] = self._failures.get(upstream_id, 0) + 1
        _evict(self._failures)

    def out_of_attempts(self, upstream_id: str) -> bool:
        """Whether patience with it is over."""
        return self._failures.get(upstream_id, 0) >= PATIENCE

    def letter(self, upstream_id: str, error: Exception, url: str | None) -> RecordRejected:
        """Sets the record aside. Its raw form names it and nothing else, so that a later attempt finds this letter."""
        raw = json.dumps({"set_aside": upstream_id}).encode()
        letter = RecordSetAside(f"set aside: {error}", raw=raw, upstream_id=upstream_id, source_url=url)
        times = self._times[upstream_id] = self._times.get(upstream_id, 0) + 1
        rests = times if isinstance(error, UpstreamUnavailable) else times - 1
        if rests:
            rest = min(FIRST_REST_SECONDS * 2.0 ** min(rests - 1, 30), LONGEST_REST_SECONDS)
            self._resting[upstream_id] = (self._clock() + rest, letter)
        _evict(self._times)
        _evict(self._resting)
        return letter


@dataclass(slots=True)
class WindowFailures:
    """What went wrong with single records while one window is read, and what of it is the source's own."""

    aside: SetAside
    _read: int = 0
    _refused: int = 0
    _failed: list[tuple[str, str | None, LegisError]] = field(default_factory=list)

    def resting(self, upstream_id: str) -> RecordRejected | None:
        """The letter to hand on instead of asking for this record; None where it is to be asked for."""
        letter = self.aside.resting(upstream_id)
        self._refused += letter is not None
        return letter

    def read(self, upstream_id: str) -> None:
        """The record was read, or is known to be gone."""
        self._read += 1
        self.aside.read(upstream_id)

    def met(self, upstream_id: str, error: Exception, url: str | None = None) -> RecordRejected | None:
        """The letter with which this record is set aside now; None where `end` decides. Raises what is the source's."""
        match error:
            case RecordRejected():
                self._read += 1  # it came, and does not fit
                return error
            case UpstreamUnavailable() if not self.aside.out_of_attempts(upstream_id):
                self._failed.append((upstream_id, url, error))
                return None
            case UpstreamUnavailable():
                return self.aside.letter(upstream_id, error, url)
            case UpstreamRequestRefused() | UpstreamSchemaChanged():
                self._refused += 1
                if self._refused >= MANY and not self._read:
                    raise error
            case LegisError():
                self._count()  # a record that makes the circuit open again and again must lose its patience too
                raise error
            case _:  # a defect of ours in one record must not end the walk
                log.error("record crashed", upstream_id=upstream_id, exc_info=error)
                return self.aside.letter(upstream_id, _as_crash(error), url)
        return self.aside.letter(upstream_id, error, url)

    def of_one(self, upstream_id: str, error: Exception, url: str | None = None) -> list[RecordRejected]:
        """The letter for a record that was asked for alone. Raises the error while there is hope for it."""
        letter = self.met(upstream_id, error, url)
        return [letter] if letter is not None else list(self.ended())

    def ended(self) -> Iterator[RecordRejected]:
        """Every letter of the window's end; then raises the error with which it ends, if it does."""
        letters, hopeful = self.end()
        yield from letters
        if hopeful is not None:
            raise hopeful

    def asking(self, upstream_id: str) -> AbstractContextManager[None]:
        """To be entered while the record is asked for: one that was given up is asked for once."""
        return once() if self.aside.out_of_attempts(upstream_id) else nullcontext()

    def end(self) -> tuple[list[RecordRejected], LegisError | None]:
        """Letters for records that failed again and again, and the error with which the window ends while there is
        hope for another one: it is read again.
        """
        if not self._count():
            return [], self._failed[0][2]
        letters: list[RecordRejected] = []
        hopeful: LegisError | None = None
        for upstream_id, url, error in self._failed:
            if self.aside.out_of_attempts(upstream_id):
                letters.append(self.aside.letter(upstream_id, error, url))
            else:
                hopeful = hopeful or error
        return letters, hopeful

    def _count(self) -> bool:
        """Holds the failures against the records; False where there are too many for that, and nothing was read."""
        if len(self._failed) > FEW and not self._read:
            return False
        for upstream_id, _, _ in self._failed:
            self.aside.failed(upstream_id)
        return True


def _as_crash(error: Exception) -> Exception:
    return RuntimeError(f"{type(error).__name__}: {error}"[:500])


def _evict(known: dict[str, Any]) -> None:
    while len(known) > _MAX_RECORDS:
        del known[next(iter(known))]
