"""Where the API is and which key is sent: from options, the environment, and a file that only its owner can read."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from legis_client import Legis

DEFAULT_URL = "http://127.0.0.1:5000"
KEY_VARIABLE = "LEGIS_API_KEY"
KEY_FILE_VARIABLE = "LEGIS_API_KEY_FILE"
_EXIT_KEY = 4


def open_client(context: typer.Context, attempts: int = 4) -> "Legis":
    """A client of the API that the command's options name. `attempts` is the number of requests for one reply."""
    from legis_client import Legis, RetryPolicy

    return Legis(context.obj, api_key=api_key(os.environ), retry=RetryPolicy(attempts=attempts))


def api_key(environment: Mapping[str, str]) -> str | None:
    """The API key; None if there is none. Ends the command if others than its owner can read the file."""
    if key := environment.get(KEY_VARIABLE, "").strip():
        return key
    named = environment.get(KEY_FILE_VARIABLE)
    path = Path(named) if named else Path(typer.get_app_dir("legis")) / "key"
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        key = path.read_text().strip()
    except FileNotFoundError as error:
        if named:
            raise _refused(f"{path}: there is no such file; {KEY_FILE_VARIABLE} names it") from error
        return None
    if os.name == "posix" and mode & 0o077:
        raise _refused(f"{path} can be read by others; run: chmod 600 {path}")
    return key or None


def _refused(why: str) -> typer.Exit:
    typer.echo(f"legis: {why}", err=True)
    return typer.Exit(_EXIT_KEY)
