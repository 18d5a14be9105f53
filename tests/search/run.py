"""Holds the search engine against the model: `python -m search.run --questions 20000 --seed 1`, `--only 17`.

With `--database URL --index FOLDER` it asks about the bills of a database and the index that was made from them.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from api_gateway.search.filtering.bill_filter import SortKey
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.percolator import Percolator

from search.checking import Checker, Differs
from search.database import checker_of_database
from search.model import Model
from search.model_text import matching
from search.questions import Question, question, shown
from search.shrinking import shrunk
from search.world import COMMITS, World

_SHOWN = 5
_PERCOLATED = 60
"""Bills that filters are asked about the other way round."""

_EVERY_PERCOLATED = 5


@dataclass(frozen=True, slots=True)
class Failure:
    """A question with a wrong answer, as asked and as small as it still fails."""

    number: int
    why: str
    small: Question


def invented(seed: int, questions: int, bills: int, only: int | None = None) -> Iterator[Failure]:
    """Failures among random questions about invented bills, asked between commits."""
    with tempfile.TemporaryDirectory(prefix="legis-model-") as folder:
        world = World(random.Random(seed), bills, Path(folder))
        left: list[tuple[int, Question, int]] = []
        for phase, checker in enumerate(world.commits()):
            for number, asked, after in left if only is None else ():
                yield from _continued(checker, number, asked, after)
            numbers = range(phase * questions // COMMITS, (phase + 1) * questions // COMMITS)
            chosen = [number for number in numbers if only in (None, number)]
            percolated = _percolation(world)
            for number in chosen:
                asked = question(random.Random(f"{seed}:{number}"), world.pool)
                yield from _asked(checker.difference, number, asked)
                if number % _EVERY_PERCOLATED == 0:
                    yield from _asked(percolated, number, asked)
            left = list(_begun(checker, [question(random.Random(f"{seed}:{n}"), world.pool) for n in chosen[:30]]))


def _asked(difference: Callable[[Question], str | None], number: int, asked: Question) -> Iterator[Failure]:
    why = difference(asked)
    if why is not None:
        kind = why.partition(":")[0]
        yield Failure(number, why, shrunk(asked, lambda one: (difference(one) or "").startswith(kind)))


def _begun(checker: Checker, asked: list[Question]) -> Iterator[tuple[int, Question, int]]:
    """Lists whose first page was read, to be read on after the next commit."""
    for number, one in enumerate(asked):
        if one.sort.key is not SortKey.RELEVANCE and checker.difference(one) is None:
            try:
                after = checker.follow(replace(one, pages=1), read_filter(one.given, checker.types), None)
            except InvalidParameter:
                continue
            if after is not None:
                yield number, one, after


def _continued(checker: Checker, number: int, asked: Question, after: int) -> Iterator[Failure]:
    try:
        checker.follow(asked, read_filter(asked.given, checker.types), after)
    except Differs as error:
        yield Failure(number, f"after a commit, behind {after}: {error}", asked)


def _percolation(world: World) -> Callable[[Question], str | None]:
    """Compares what filters say of some bills that are asked the other way round."""
    bills = list(world.current.values())[-_PERCOLATED:]
    percolator, model = Percolator(bills), Model(bills)
    types = frozenset(bill.type_code for bill in bills)

    def difference(asked: Question) -> str | None:
        try:
            wanted = read_filter(asked.given, types)
        except InvalidParameter:
            return None
        found, expected = percolator.matching(wanted), matching(model, wanted)
        return None if found == expected else f"percolated: the engine has {found}, the model {expected}"

    return difference


def of_database(url: str, index: str, seed: int, questions: int, only: int | None = None) -> Iterator[Failure]:
    """Failures among random questions about the bills of a database."""
    checker, pool = checker_of_database(url, index)
    for number in range(questions) if only is None else (only,):
        began = time.monotonic()
        asked = question(random.Random(f"{seed}:{number}"), pool)
        yield from _asked(checker.difference, number, replace(asked, pages=min(asked.pages, 3)))
        if (took := time.monotonic() - began) > 20:
            print(f"  question {number} took {took:.0f} s", flush=True)


def main() -> int:
    """0 when engine and model agree."""
    parser = argparse.ArgumentParser(prog="search.run")
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="ask this one question only")
    parser.add_argument("--bills", type=int, default=3000)
    parser.add_argument("--database", help="libpq URL of a database that an index was made from")
    parser.add_argument("--index", help="INDEX_FOLDER of that index")
    given = parser.parse_args()
    began, failures = time.monotonic(), 0
    if given.database:
        found = of_database(given.database, given.index, given.seed, given.questions, given.only)
    else:
        found = invented(given.seed, given.questions, given.bills, given.only)
    for failure in found:
        failures += 1
        print(f"SEED={given.seed} ONLY={failure.number}: {failure.why}\n  {shown(failure.small)}", flush=True)
        if failures >= _SHOWN:
            print("and maybe more")
            break
    asked = 1 if given.only is not None else given.questions
    print(f"seed {given.seed}: {asked} questions, {failures} failures, {time.monotonic() - began:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
