"""Exit codes, and what is written to stderr about an error of the API."""

from enum import IntEnum

from legis_client import (
    ApiError,
    ConnectionFailed,
    InvalidRequest,
    LegisError,
    NotAllowed,
    NotFound,
    RateLimited,
    Unavailable,
)


class ExitCode(IntEnum):
    """Why a command ended. 130 (Ctrl-C) is Typer's."""

    SUCCESS = 0
    ERROR = 1
    USAGE = 2
    KEY = 4
    NOT_FOUND = 5
    UNAVAILABLE = 69
    LATER = 75


_CODES: tuple[tuple[type[LegisError], ExitCode], ...] = (
    (NotAllowed, ExitCode.KEY),
    (NotFound, ExitCode.NOT_FOUND),
    (RateLimited, ExitCode.LATER),
    (Unavailable, ExitCode.UNAVAILABLE),
    (ConnectionFailed, ExitCode.UNAVAILABLE),
    (InvalidRequest, ExitCode.USAGE),
)


def exit_code(error: LegisError) -> ExitCode:
    """The exit code of an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.ERROR)


def message(error: LegisError) -> str:
    """One line about the error, and one for each parameter that the API refuses."""
    lines = [str(error)]
    if isinstance(error, ApiError):
        for one in error.problem.get("errors") or ():
            lines.append(f"  {one.get('parameter') or ''}: {one.get('detail') or ''}")
        if error.retry_after:
            lines.append(f"  try again in {error.retry_after:g} s")
    return "\n".join(lines)
