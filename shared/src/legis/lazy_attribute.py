"""Computes an attribute on first access and stores it in the object."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class lazy_attribute(Generic[Owner, Value]):
    """`functools.cached_property` without its lock: before Python 3.12 the lock costs more than computing most of our
    values.

    Not thread-safe: use it on one thread. The object needs a `__dict__`; deleting the attribute makes the next access
    compute it again.
    """

    def __init__(self, make: Callable[[Owner], Value]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "lazy_attribute[Owner, Value]": ...

    @overload
    def __get__(self, instance: Owner, owner: type) -> Value: ...

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._make(instance)
        return value
