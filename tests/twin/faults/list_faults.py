"""What goes wrong with lists that belong to bills. Drawn apart from the other faults, so that those of a seed stay."""

import asyncio
from collections.abc import Callable
from random import Random

from twin.chamber import Chamber

_WRONG = ("gone", "empty", "short", "short")
"""Not found; well-formed and empty; nothing but its first entry."""

_BRIEF = 0.9
"""A list of one bill alone that is wrong for longer than the settled time, a second, is what the source says."""


class ListFaults:
    """Has the list of authors fail: of all bills for longer than a reading is settled by, of each bill once for less,
    then with somebody else in the place of an author too."""

    def __init__(self, random: Random, chamber: Chamber, note: Callable[[str], None]) -> None:
        self._random = random
        self._chamber = chamber
        self._note = note
        self._struck: set[str] = set()
        self.injected = 0

    async def run(self, seconds: float) -> None:
        """One fault after another, for so long; all lists are right in the end."""
        random, loop = self._random, asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until:
            await asyncio.sleep(random.uniform(0.1, 2))
            self.injected += 1
            if random.random() < 0.6:
                await self._all(random.choice(_WRONG))
            else:
                await self._one(random.choice((*_WRONG, "swapped", "swapped")))

    def _begin(self, which: str | None, wrong: str) -> None:
        """Faults follow each other, so the chamber need only know the number of the present one."""
        self._chamber.list_fault += 1
        self._chamber.hollow[which] = wrong

    async def _all(self, wrong: str) -> None:
        self._note(f"authors of all are {wrong}")
        self._begin(None, wrong)
        if self._random.random() < 0.7:
            await asyncio.sleep(self._random.random())
            self._chamber.stir()  # as on a busy day: everybody is read while the list is out
        await asyncio.sleep(self._random.uniform(0.5, 4))
        del self._chamber.hollow[None]

    async def _one(self, wrong: str) -> None:
        left = sorted(self._chamber.history.keys() - self._struck)
        if left:
            which = self._random.choice(left)
            self._struck.add(which)
            self._note(f"authors of {which} are {wrong}")
            self._begin(which, wrong)
            await asyncio.sleep(self._random.uniform(0.1, _BRIEF))
            del self._chamber.hollow[which]
