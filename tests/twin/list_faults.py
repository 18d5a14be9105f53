"""What goes wrong with lists that belong to bills. Drawn apart from the other faults, so that those of a seed stay."""

import asyncio
from collections.abc import Callable
from random import Random

from .chamber import Chamber

_WRONG = ("gone", "empty", "short", "short", "swapped")
"""Not found; well-formed and empty; without its first entry; with somebody else in the place of that."""


class ListFaults:
    """Has the list of authors fail, of one bill or of all at once, for longer than one reading is settled by."""

    def __init__(self, random: Random, chamber: Chamber, note: Callable[[str], None]) -> None:
        self._random = random
        self._chamber = chamber
        self._note = note
        self.injected = 0

    async def run(self, seconds: float) -> None:
        """One fault after another, for so long; all lists are right in the end."""
        random, loop = self._random, asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until:
            await asyncio.sleep(random.uniform(0.1, 2))
            wrong = random.choice(_WRONG)
            of_all = random.random() < 0.6
            which = None if of_all else random.choice(sorted(self._chamber.history))
            self._note(f"authors of {'all' if which is None else which} are {wrong}")
            self.injected += 1
            self._chamber.hollow[which] = wrong
            if of_all and random.random() < 0.7:
                await asyncio.sleep(random.random())
                self._chamber.stir()  # as on a busy day: everybody is read while the list is out
            await asyncio.sleep(random.uniform(0.5, 4))
            del self._chamber.hollow[which]
