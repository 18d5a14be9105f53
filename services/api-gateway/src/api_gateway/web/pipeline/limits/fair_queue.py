"""A queue that is fair between clients: deficit round robin over one first-in-first-out queue per client."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import cycle
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _ClientQueue(Generic[T]):
    """Items of one client with their costs. `deficit` is the cost that its turns have earned and not yet spent."""

    entries: deque[tuple[T, int]] = field(default_factory=deque)
    deficit: int = 0


class FairQueue(Generic[T]):
    """Each turn earns a client a cost of 1; its first item is taken once its turns have earned the item's cost.

    So clients are served equal costs, not equal numbers of items, whatever their order of arrival. Clients without
    items are not stored. Costs are integers, at least 1.
    """

    def __init__(self) -> None:
        self._queues: OrderedDict[str, _ClientQueue[T]] = OrderedDict()
        self.size = 0
        """Number of items of all clients."""

    def waiting(self, client: str) -> int:
        """Number of items of a client."""
        return len(self._queues[client].entries) if client in self._queues else 0

    def clients(self) -> Iterable[str]:
        """The clients with waiting items, in the order of their turns."""
        return self._queues.keys()

    def add(self, client: str, item: T, cost: int) -> None:
        """Appends an item to its client's queue; a new client gets the last turn."""
        self._queues.setdefault(client, _ClientQueue()).entries.append((item, cost))
        self.size += 1

    def take(self, eligible: Callable[[str], bool]) -> tuple[str, T] | None:
        """Removes and returns the next item of an eligible client, with that client; None if no eligible client has
        items.
        """
        for client in cycle([one for one in self._queues if eligible(one)]):
            queue = self._queues[client]
            self._queues.move_to_end(client)
            queue.deficit += 1
            if queue.deficit >= queue.entries[0][1]:
                item, cost = queue.entries.popleft()
                queue.deficit -= cost
                self._took_one(client)
                return client, item
        return None

    def take_newest(self, client: str) -> T:
        """Removes and returns the last item of a client, out of its turn. Raises KeyError if the client has none."""
        item, _ = self._queues[client].entries.pop()
        self._took_one(client)
        return item

    def discard(self, client: str, item: T) -> bool:
        """Removes this item; returns whether it was in the queue."""
        queue = self._queues.get(client)
        found = next((entry for entry in queue.entries if entry[0] is item), None) if queue else None
        if queue is None or found is None:
            return False
        queue.entries.remove(found)
        self._took_one(client)
        return True

    def _took_one(self, client: str) -> None:
        self.size -= 1
        if not self._queues[client].entries:
            del self._queues[client]
