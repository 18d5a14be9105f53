"""Every shared exception, grouped by what the caller should do.

LegisError
├── RetryableError          wait, then do the same again
│   ├── UpstreamUnavailable     timeout, connection error, 5xx, broken or empty body
│   ├── UpstreamRateLimited     429: the whole source pauses
│   ├── UpstreamBlocked         403 for this client, not for one record: pause long, alert, never loop
│   ├── BreakerOpen             no request was sent: the circuit is open
│   ├── NotTheReader            no request was sent: another process reads this source
│   ├── StreamUnavailable       Redis cannot be reached, or the stream is full
│   └── StoreUnavailable        PostgreSQL cannot be reached
├── SkippableError          keep the record raw, count it, go on
│   ├── RecordRejected          one upstream record does not fit its wire model
│   │   └── RecordSetAside          upstream refuses it, or never returns it complete, while it returns others
│   └── RecordGone              upstream answers 404 for one record
├── PermanentError          trying again will not help; an operator must look
│   ├── UpstreamRequestRefused  400: our request is wrong, or 403 for one record alone
│   ├── UpstreamSchemaChanged   a whole page does not fit: stop this source, alert
│   └── EventUnreadable         a message that this version of the code cannot decode
└── ConfigurationError      a setting is missing or malformed: stop at start
"""


class LegisError(Exception):
    """Root of every exception that Legis raises on purpose."""


class RetryableError(LegisError):
    """The same call may succeed later. `retry_after` is the wait in seconds that the other side requested."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UpstreamUnavailable(RetryableError):
    """Upstream did not return a complete, well-formed answer."""


class UpstreamRateLimited(RetryableError):
    """Upstream answered 429: every caller of this source waits, not only this one."""


class UpstreamBlocked(RetryableError):
    """Upstream's firewall answered 403: asking again at once makes it worse."""


class BreakerOpen(RetryableError):
    """The circuit is open, so no request was sent."""


class NotTheReader(RetryableError):
    """Another process may be reading this source, so no request was sent."""


class StreamUnavailable(RetryableError):
    """The stream cannot take or give messages now."""


class StoreUnavailable(RetryableError):
    """PostgreSQL cannot be reached or refuses work now."""


class SkippableError(LegisError):
    """One record cannot be processed; the records beside it can."""


class RecordRejected(SkippableError):
    """A record does not fit its model. `raw` is its exact bytes, `upstream_id` its key where that much was readable."""

    def __init__(
        self, message: str, *, raw: bytes, upstream_id: str | None = None, source_url: str | None = None
    ) -> None:
        super().__init__(message)
        self.raw = raw
        self.upstream_id = upstream_id
        self.source_url = source_url


class RecordSetAside(RecordRejected):
    """Upstream refuses the record, or never returns it complete, while it returns others. `raw` only names it."""


class RecordGone(SkippableError):
    """Upstream answered 404 for a record that a list named."""


class PermanentError(LegisError):
    """Trying again will not help."""


class UpstreamRequestRefused(PermanentError):
    """Upstream answered 400, 405 or another 4xx, or 403 for this address alone: our request is wrong."""


class UpstreamSchemaChanged(PermanentError):
    """A whole page or file no longer has the expected shape."""


class EventUnreadable(PermanentError):
    """A stream message that this code cannot read."""


class ConfigurationError(LegisError):
    """A setting is missing or malformed; the message names it."""
