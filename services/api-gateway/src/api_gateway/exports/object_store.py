"""Where exports are kept: a local folder or a bucket of S3, by the same calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from legis.errors import StoreUnavailable
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from api_gateway.settings import ExportSettings

if TYPE_CHECKING:
    from obstore.store import ClientConfig

Store = LocalStore | S3Store

_CLIENT: "ClientConfig" = {"timeout": timedelta(seconds=300), "connect_timeout": timedelta(seconds=5)}
"""The whole of one range must have been read within `timeout`."""


@contextmanager
def reachable() -> Iterator[None]:
    """Turns errors of the store into StoreUnavailable; what is missing stays FileNotFoundError."""
    try:
        yield
    except (BaseError, PermissionError) as error:
        raise StoreUnavailable(f"exports: {type(error).__name__}") from error


def open_store(settings: ExportSettings) -> Store:
    """The place that the settings name; no connection is opened. Makes the local folder if it is missing. Raises
    OSError where that is not possible.
    """
    if not settings.exports_s3_bucket:
        folder = Path(settings.exports_folder).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(folder, automatic_cleanup=True)  # an empty folder is no export
    endpoint = settings.exports_s3_endpoint
    given = {
        "endpoint": endpoint,
        "access_key_id": settings.exports_s3_access_key.get_secret_value(),
        "secret_access_key": settings.exports_s3_secret_key.get_secret_value(),
    }
    return S3Store(
        settings.exports_s3_bucket,
        prefix=settings.exports_s3_prefix or None,
        region=settings.exports_s3_region,
        client_options={**_CLIENT, "allow_http": endpoint.startswith("http://")},
        **{name: value for name, value in given.items() if value},  # type: ignore[arg-type]
    )
