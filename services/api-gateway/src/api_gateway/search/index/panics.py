"""Converts panics of Tantivy, which is written in Rust, to exceptions that callers can handle."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class EngineFailed(Exception):
    """Tantivy panicked; the message is its own."""


def guarded(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls a function that uses Tantivy. A panic arrives as a BaseException that is not an Exception; on a search
    thread nothing else is, nor in a plain call on the event loop (uvicorn handles signals), so each one is raised as
    EngineFailed.
    """
    try:
        return work(*args, **kwargs)
    except Exception:
        raise
    except BaseException as panic:
        raise EngineFailed(str(panic)) from panic
