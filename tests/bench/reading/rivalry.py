"""The same questions put to Datasette and to a naive application over the same bills."""

import urllib.parse

from legis_launcher.servers.ports import free_port

from bench.pace import Pace
from bench.reading import ceiling
from bench.reading.questions import LIST, PAGE, Questions
from bench.report import Figure, Report, at_least
from bench.rivals import datasette, plain_table
from bench.system.arena import ROOT, Arena
from bench.system.corpus import PHRASE, words
from bench.turns import in_turns, rates

PART = "rivals"
VENV = ROOT / "build/bench-venv"


def run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """All of it, with nothing cached on our side."""
    plain_table.make_table(arena.postgres.url("legis"))
    _naive(arena, questions, report, pace)
    if not pace.datasette:
        return
    try:
        program = datasette.installed(VENV)
    except (datasette.NoDatasette, OSError) as error:
        report.notes["datasette"] = f"skipped: {error}"
        print(f"  Datasette skipped: {error}")
        return
    _datasette(arena, questions, report, pace, str(program))


def _naive(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    web, port = arena.uncached()
    naive, naive_port = arena.python("naive", "bench.rivals.naive_app", {})
    lists = [f"/bills?type={code}&year={year}&size={PAGE}" for code, year in questions.pairs]
    near, deep = (
        [f"/bills?page={first + n}" for n in range(len(questions.near))] for first in (2, questions.deep_page)
    )
    far = f"page {questions.deep_page}"
    subjects = {}
    for name, ours, theirs in (
        ("list", questions.lists, lists),
        ("newest", questions.near_lists, near),
        (far, questions.deep_lists, deep[: len(questions.deep)]),
    ):
        subjects[f"legis, {name}"] = arena.subject(web, port, ours, seconds=pace.seconds)
        subjects[f"naive, {name}"] = arena.subject(naive, naive_port, theirs, seconds=pace.seconds)
    found = in_turns(subjects, pace.turns)
    report.add_subjects(PART, found)
    report.add(
        PART,
        Figure("list by type and year : naive app", rates(found, "legis, list", "naive, list"), target=at_least(5)),
        Figure("newest 20 : naive app", rates(found, "legis, newest", "naive, newest"), target=at_least(5)),
        Figure(f"{far} : naive app", rates(found, f"legis, {far}", f"naive, {far}"), target=at_least(100)),
    )
    arena.end_others()


def _datasette(arena: Arena, questions: Questions, report: Report, pace: Pace, program: str) -> None:
    path = arena.home / "bills.db"
    plain_table.make_sqlite(arena.postgres.url("legis"), path)
    web, port = arena.uncached()
    theirs_port = free_port()
    theirs = arena.program("datasette", datasette.command(type(path)(program), path, theirs_port), theirs_port)
    plain = "_shape=objects&_nofacet=1&_nosuggest=1&_nocount=1&_size=20"
    newest = "_sort_desc=last_action_at"
    targets = {
        "list": (
            questions.lists,
            [f"/bills/bill.json?type_code={code}&year={year}&{newest}&{plain}" for code, year in questions.pairs],
        ),
        "detail": (questions.details, [f"/bills/bill/{one}.json?_shape=objects" for one in questions.ids]),
    }
    for name, searches in _searches().items():
        targets[f"search, {name}"] = (
            [f"{LIST}?q={urllib.parse.quote(ours)}" for ours, _ in searches],
            [
                f"/bills/bill.json?_search={urllib.parse.quote(others)}&_searchmode=raw&{newest}&{plain}"
                for _, others in searches
            ],
        )
    subjects = {}
    for name, (ours, others) in targets.items():
        subjects[f"legis, {name}"] = arena.subject(web, port, ours, seconds=pace.seconds)
        subjects[f"datasette, {name}"] = arena.subject(theirs, theirs_port, others, seconds=pace.seconds)
    subjects["asyncpg, detail"] = ceiling.of_details(arena, questions.detail_statements, pace.seconds)
    found = in_turns(subjects, pace.turns)
    report.add_subjects(PART, found)
    for name in targets:
        bound = 5 if name.startswith("search") else 10
        ratio = rates(found, f"legis, {name}", f"datasette, {name}")
        report.add(PART, Figure(f"{name} : Datasette", ratio, target=at_least(bound)))
    report.add(
        PART, Figure("raw ASGI + asyncpg, detail : Datasette", rates(found, "asyncpg, detail", "datasette, detail"))
    )
    arena.end_others()


def _searches() -> dict[str, list[tuple[str, str]]]:
    """Searches of each kind for both, all different: two readers with one question are one question to a cache."""
    vocabulary = words().items
    ranks = {"rare words": (20_000, 20_200), "middling words": (1000, 1200), "common words": (25, 65)}
    found = {name: [(word, f'"{word}"') for word in vocabulary[a:b]] for name, (a, b) in ranks.items()}
    without = vocabulary[300:500]
    found["phrase"] = [(f'"{PHRASE}" -{word}', f'"{PHRASE}" NOT "{word}"') for word in without]
    return found
