"""Panics of the engine as exceptions: by itself a panic is none, and would end the process that asked."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class EngineFailed(Exception):
    """The engine gave up where it should not have; the message is its own."""


def guarded(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function gives that asks the engine; for threads, where nothing else than a panic is no Exception."""
    try:
        return work(*args, **kwargs)
    except Exception:
        raise
    except BaseException as panic:
        raise EngineFailed(str(panic)) from panic
