"""Decides which failures are one record's own: that record is set aside, the walk goes on, and it is retried later."""

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

MAX_FAILED_WINDOWS = 3
"""Windows in which a record may fail before it is set aside. After a refusal (4xx) it is set aside at once."""

FEW = 3
"""Up to this many failed records, while none was read, may be the records' own fault; more are the source's."""

MANY = 10
"""At this many refusals, while none was read, our requests are wrong and not the records."""

FIRST_REST_SECONDS = 300.0
LONGEST_REST_SECONDS = 6 * 3600.0
_MAX_RECORDS = 10_000


class SetAside:
    """Failures of records across windows, in the memory of one process. `clock` is monotonic, in seconds.

    A record that was set aside is not requested for a while (it rests): five minutes at first, then twice as long each
    time, at most six hours. After a refusal it rests only from the second one on. Windows that list a resting record
    publish the same dead letter without a request. A restart loses this state, which costs a few more attempts; the
    dead letter itself is stored.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[str, int] = {}
        self._times: dict[str, int] = {}
        self._resting: dict[str, tuple[float, RecordRejected]] = {}

    def read(self, upstream_id: str) -> None:
        """Records that the record was read."""
        for known in (self._failures, self._times, self._resting):
            known.pop(upstream_id, None)

    def resting(self, upstream_id: str) -> RecordRejected | None:
        """The dead letter to publish instead of requesting the record; None where it does not rest."""
        until, letter = self._resting.get(upstream_id, (0.0, None))
        return letter if letter is not None and self._clock() < until else None

    def failed(self, upstream_id: str) -> None:
        """Counts a failed attempt to read the record."""
        self._failures[upstream_id] = self._failures.get(upstream_id, 0) + 1
        _evict(self._failures)

    def out_of_attempts(self, upstream_id: str) -> bool:
        """Whether the record has failed in MAX_FAILED_WINDOWS windows."""
        return self._failures.get(upstream_id, 0) >= MAX_FAILED_WINDOWS

    def letter(self, upstream_id: str, error: Exception, url: str | None) -> RecordRejected:
        """Sets the record aside and returns its dead letter. `raw` names the record and nothing else, so that a later
        attempt gives the same letter.
        """
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
    """Failures of single records while one window is read; decides whether each is the record's own or the source's."""

    aside: SetAside
    _read: int = 0
    _refused: int = 0
    _failed: list[tuple[str, str | None, LegisError]] = field(default_factory=list)

    def resting(self, upstream_id: str) -> RecordRejected | None:
        """The dead letter to publish instead of requesting this record; None where it is to be requested."""
        letter = self.aside.resting(upstream_id)
        self._refused += letter is not None
        return letter

    def read(self, upstream_id: str) -> None:
        """Records that the record was read, or is known to be gone."""
        self._read += 1
        self.aside.read(upstream_id)

    def met(self, upstream_id: str, error: Exception, url: str | None = None) -> RecordRejected | None:
        """Handles the error of one record. Returns the dead letter with which it is set aside, or None where `end`
        decides. Raises the error where it is the source's.
        """
        match error:
            case RecordRejected():
                self._read += 1  # it arrived, but does not fit its model
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
                self._count()  # counted too: a record that opens the circuit each time must be set aside in the end
                raise error
            case _:  # a bug that one record triggers must not end the walk
                log.error("record crashed", upstream_id=upstream_id, exc_info=error)
                return self.aside.letter(upstream_id, _as_crash(error), url)
        return self.aside.letter(upstream_id, error, url)

    def of_one(self, upstream_id: str, error: Exception, url: str | None = None) -> list[RecordRejected]:
        """The dead letter of a record that was requested by itself. Raises the error while a retry may succeed."""
        letter = self.met(upstream_id, error, url)
        return [letter] if letter is not None else list(self.ended())

    def ended(self) -> Iterator[RecordRejected]:
        """Yields the dead letters of `end`, then raises its error, if there is one."""
        letters, error = self.end()
        yield from letters
        if error is not None:
            raise error

    def asking(self, upstream_id: str) -> AbstractContextManager[None]:
        """Context for the request of a record: one that has failed in MAX_FAILED_WINDOWS windows is tried once only."""
        return once() if self.aside.out_of_attempts(upstream_id) else nullcontext()

    def end(self) -> tuple[list[RecordRejected], LegisError | None]:
        """Returns dead letters for records out of attempts, and the error with which the window fails, or None.

        The window fails, and is read again, while one of its records may still succeed in a later window.
        """
        if not self._count():
            return [], self._failed[0][2]
        letters: list[RecordRejected] = []
        retryable: LegisError | None = None
        for upstream_id, url, error in self._failed:
            if self.aside.out_of_attempts(upstream_id):
                letters.append(self.aside.letter(upstream_id, error, url))
            else:
                retryable = retryable or error
        return letters, retryable

    def _count(self) -> bool:
        """Counts the failures against the records. Returns False where there are too many for that and nothing was
        read.
        """
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
