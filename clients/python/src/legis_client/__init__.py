"""Python client of Legis (Brazil's National Congress as one JSON API): typed, async and sync.

`Legis` and `AsyncLegis` have the same methods. Replies are dictionaries in the shapes of `legis_client.api_types`,
exactly as the server sent them: values and fields that are newer than this client are included.
"""

from legis_client.api_errors import (
    ApiError,
    ConnectionFailed,
    Gone,
    InvalidRequest,
    LegisError,
    NotAllowed,
    NotFound,
    RateLimited,
    Unavailable,
)
from legis_client.api_operations import Position
from legis_client.async_client import AsyncLegis
from legis_client.retry_policy import RetryPolicy
from legis_client.sync_client import Legis

__all__ = [
    "ApiError",
    "AsyncLegis",
    "ConnectionFailed",
    "Gone",
    "InvalidRequest",
    "Legis",
    "LegisError",
    "NotAllowed",
    "NotFound",
    "Position",
    "RateLimited",
    "RetryPolicy",
    "Unavailable",
]
