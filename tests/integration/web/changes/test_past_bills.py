"""A bill folded back out of the change log is, to every filter, what its row was then."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from api_gateway.indexer.bill_rows import indexed_bill
from api_gateway.search.index_documents import IndexedBill, bill_document
from api_gateway.search.past_bills import states_of
from api_gateway.store.changes.change_reader import load_bills_of_entries, load_entries
from api_gateway.store.changes.index_feed import IndexFeed
from api_gateway.store.reconciliation.removal import mark_removed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from legis.domain.bill import Action, Bill, Organization, Rapporteur, Sponsorship, Subject
from legis.domain.vocabulary import ActionKind, BillStatus, Chamber, Source, SponsorKind, SponsorshipRole

BILLS = 60
TURNS = 4
NOON = datetime(2024, 3, 1, 15, tzinfo=UTC)
NAMES = ("José da Silva", "Antônia d'Ávila", "Mesa Diretora", "Sílvio José")


def varied(number: int, turn: int) -> Bill:
    """A bill in one of its states: nothing but its number stays."""
    draw = random.Random(number * 100 + turn)
    source = Source.CAMARA if number % 3 else Source.SENADO
    moved = draw.choice((None, NOON + timedelta(hours=turn, microseconds=draw.randrange(10**6))))
    people = draw.sample(NAMES, draw.randrange(4))
    return Bill(
        source=source,
        upstream_id=f"5{number:03}",
        chamber=draw.choice((Chamber.CAMARA, Chamber.SENADO, Chamber.CONGRESSO, None)),
        type_code="PL" if number % 5 else "XPTO",
        type="PL" if number % 5 else "OTHER",
        number=number,
        number_text=str(number),
        year=2024,
        identifier=f"PL {number}/2024",
        nickname=draw.choice((None, "Lei da Merenda")),
        title=draw.choice((None, "Dispõe sobre a merenda.", f"Altera a Lei nº 8.112/{number}.")),
        abstract=draw.choice((None, "Trata da educação básica.")),
        keywords=tuple(draw.sample(("saúde", "escola pública", "ônibus"), draw.randrange(3))),
        introduced_on=draw.choice((None, date(2024, 2, 29), date(1, 1, 1))),
        status=draw.choice((BillStatus.IN_COMMITTEE, BillStatus.ENACTED, BillStatus.UNKNOWN)),
        in_progress=draw.choice((True, False, None)),
        regime_text=draw.choice((None, "Urgência (Art. 155, RICD)")),
        organization=draw.choice((None, Organization(name="Plenário"), Organization(acronym=" ccjc ", name="CCJ"))),
        latest_action=None if moved is None else Action(date=moved.date(), at=moved, kind=ActionKind.TRANSFERRED),
        actions=(Action(date=date(2024, 3, 1), kind=ActionKind.ENACTED),) if draw.random() < 0.2 else (),
        sponsorships=tuple(
            Sponsorship(
                name=name, role=SponsorshipRole.AUTHOR, kind=SponsorKind.LEGISLATOR, order=place,
                legislator_id=draw.choice((None, "204534")), party=draw.choice((None, "PT", "pcdob")),
                state=draw.choice((None, "SP")),
            )
            for place, name in enumerate(people, 1)
        ),
        rapporteurs=tuple(Rapporteur(name=name, legislator_id="9") for name in draw.sample((None, *NAMES), 1)),
        subjects=tuple(Subject(name=name) for name in draw.sample(("Educação, Cultura", "Saúde"), draw.randrange(3))),
    )  # fmt: skip


def told(bill: IndexedBill) -> dict[str, Any]:
    """All that filters can ask of a bill: its fields, and what its document in the index has."""
    fields = {
        name: sorted(value) if isinstance(value := getattr(bill, name), list | tuple) else value
        for name in IndexedBill.__slots__
        if name not in ("record", "summary", "change_seq")
    }
    document = bill_document(bill).to_dict()
    for name in ("summary", "changed", "texts"):
        document.pop(name, None)
    return fields | {f"index.{name}": sorted(map(_plain, values)) for name, values in document.items()}


def _plain(value: Any) -> str:
    if hasattr(value, "tokens"):
        return repr([(token.text, token.position) for token in value.tokens])
    return " ".join(sorted(value.split())) if isinstance(value, str) else repr(value)


@pytest.fixture(scope="module")
async def pool(module_database_url: str) -> Any:
    async with asyncpg.create_pool(module_database_url, min_size=0, max_size=2) as opened:
        yield opened


async def rows(pool: Any) -> dict[str, IndexedBill]:
    """Every bill as the indexer reads it."""
    return {row["id"]: indexed_bill(row) for row in await IndexFeed(pool).page(0, 10_000)}


async def folded(database: Any, after: int, limit: int) -> list[Any]:
    entries = (await load_entries(database, after=after, limit=limit)).entries
    states = states_of(
        entries, *await load_bills_of_entries(database, [e["bill_id"] for e in entries], entries[-1]["seq"])
    )
    assert [one.seq for one in states] == [entry["seq"] for entry in entries]
    return [(entry, one) for entry, one in zip(entries, states, strict=True)]


async def test_every_state_of_every_bill_is_what_its_row_was(api: Any, store: Any, pool: Any) -> None:
    database = api.app.state.resources.database
    start = await pool.fetchval("SELECT last_seq FROM change_counter")
    then: dict[tuple[str, int], IndexedBill] = {}

    async def note() -> None:
        found = await pool.fetch("SELECT id, version FROM bill")
        by_id = await rows(pool)
        then.update({(row["id"], row["version"]): by_id[row["id"]] for row in found})

    for turn in range(TURNS):
        await store([varied(number, turn) for number in range(BILLS)])
        await note()
        if turn == 1:
            await mark_removed(pool, [varied(number, turn).id for number in range(0, BILLS, 4)])
            await note()
    end = await pool.fetchval("SELECT last_seq FROM change_counter")
    assert end - start > BILLS * TURNS * 0.9
    for after, limit in ((start, 10_000), (start, 37), (start + 50, 100), (end - 20, 500)):
        for entry, one in await folded(database, after, limit):
            key, version = entry["bill_id"], entry["version"]
            assert one.after is not None
            assert told(one.after) == told(then[key, version]), (key, version)
            if version == 1:
                assert one.before is None
                continue
            assert one.before is not None
            before, was = told(one.before), told(then[key, version - 1])
            if before["changed_at"].year == 1970:  # the entry before it is not among those looked at
                for name in ("changed_at", "index.changed_at"):
                    was[name] = before[name]
            assert before == was, (key, version)


TEXTS = st.text(st.characters(exclude_characters="\x00\x1f", codec="utf-8"), max_size=20)
ANY_BILL = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS, "abstract": TEXTS, "nickname": TEXTS, "identifier": TEXTS,
        "type_code": st.sampled_from(["PL", "É x"]),
        "number": st.integers(0, 2**31 - 1), "year": st.integers(0, 9999), "keywords": st.lists(TEXTS, max_size=3),
        "introduced_on": st.dates(), "regime_text": TEXTS,
        "status": st.sampled_from(BillStatus),
        "subjects": st.lists(TEXTS.map(lambda name: {"name": name}), max_size=2),
        "organization": st.fixed_dictionaries({"acronym": st.none() | TEXTS, "name": TEXTS}),
        "sponsorships": st.lists(st.fixed_dictionaries({
            "name": TEXTS, "role": st.just("AUTHOR"), "kind": st.just("OTHER"), "party": st.none() | TEXTS,
            "state": st.none() | TEXTS, "legislator_id": st.none() | TEXTS,
        }), max_size=3),
        "latest_action": st.fixed_dictionaries(
            {"kind": st.just("OTHER"), "date": st.none() | st.dates()},
            optional={"at": st.datetimes(timezones=st.just(UTC))},
        ),
    },
)  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(claims=ANY_BILL)
async def test_whatever_a_bill_says(api: Any, store: Callable[..., Any], pool: Any, claims: dict[str, Any]) -> None:
    number = 10_000 + await pool.fetchval("SELECT last_seq FROM change_counter")
    bill = Bill(source=Source.CAMARA, upstream_id=str(number), **claims)
    await store([bill])
    row = await pool.fetchrow("SELECT change_seq FROM bill WHERE id = $1", bill.id)
    if row is None:  # refused, and kept as a dead letter
        return
    ((_, one),) = await folded(api.app.state.resources.database, row["change_seq"] - 1, 1)
    assert told(one.after) == told((await rows(pool))[bill.id])
