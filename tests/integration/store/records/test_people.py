"""The same person in both houses, and the parties."""

import asyncio
from datetime import date
from typing import Any

import orjson
from api_gateway.store.records.party_records import store_parties
from integration.store.records.record_readings import changes, legislator, reading, row, store
from legis.domain.parties.party_table import PARTIES
from legis.domain.records.legislator import BirthPlace
from legis.domain.records.record import ExternalId
from legis.domain.vocabulary import Source

BORN = date(1960, 3, 1)
NAME = "MARIA  DA SILVA SAURO"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def _links(pool: Any) -> dict[tuple[str, str], tuple[str, list[str]]]:
    rows = await pool.fetch("SELECT * FROM legislator_link ORDER BY legislator_id")
    return {(one["legislator_id"], one["other_id"]): (one["rule"], one["evidence"]) for one in rows}


def _pair(**claims: Any) -> list[Any]:
    deputy = legislator(7, civil_name=NAME, birth_date=BORN, gender="F")
    senator = legislator(5, source=Source.SENADO, civil_name="Maria da Silva Sauro", birth_date=BORN, gender="F")
    return [deputy, senator.model_copy(update=claims)]


async def _rule(pool: Any, **claims: Any) -> str | None:
    await pool.execute("TRUNCATE record, legislator, legislator_link, bill_change")
    for seq, record in enumerate(_pair(**claims), 1):
        await store(pool, reading(record, seq))
    links = await _links(pool)
    assert len(links) in (0, 2), "in both directions"
    return next(iter(links.values()))[0] if links else None


async def test_rules_in_order(pool: Any) -> None:
    named = {"identifiers": (ExternalId(scheme="camara-id", identifier="7"),)}
    assert await _rule(pool) == "BIRTH_AND_CIVIL_NAME"
    assert await _rule(pool, **named) == "HOUSE_REGISTER"
    assert await _rule(pool, **named, civil_name="Outra Pessoa") == "HOUSE_REGISTER"
    assert await _rule(pool, **named, civil_name="Outra Pessoa", birth_date=date(1950, 1, 1)) is None
    assert await _rule(pool, birth_date=None) is None, "never by name alone"
    assert await _rule(pool, birth_date=date(1961, 3, 1)) is None
    assert await _rule(pool, gender="M") is None
    assert await _rule(pool, gender=None) is None
    assert await _rule(pool, civil_name="Maria Sauro") is None


async def test_a_contradicting_birth_place_is_no_link(pool: Any) -> None:
    deputy, senator = _pair()
    places = [BirthPlace(municipality="Goiânia", state="GO"), BirthPlace(municipality="Recife", state="PE")]
    both = [one.model_copy(update={"birth_place": at}) for one, at in zip((deputy, senator), places, strict=True)]
    await store(pool, *(reading(one, 1) for one in both))
    assert await _links(pool) == {}


async def test_two_workers_that_store_one_person_at_once_link_both_records(pool: Any) -> None:
    async with pool.acquire() as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute("SELECT FROM change_counter FOR UPDATE")  # the end of a batch waits for it
        storing = [asyncio.create_task(store(pool, reading(one, seq))) for seq, one in enumerate(_pair(), 1)]
        async with asyncio.timeout(60):
            while await pool.fetchval(WAITING) != 2:
                assert not any(task.done() for task in storing)
                await asyncio.sleep(0.02)
        await transaction.rollback()
    await asyncio.gather(*storing)
    assert len(await _links(pool)) == 2


async def test_a_correction_ends_a_link(pool: Any) -> None:
    deputy, senator = _pair()
    await store(pool, reading(deputy, 1), reading(senator, 1))
    assert len(await _links(pool)) == 2
    await store(pool, reading(senator.model_copy(update={"birth_date": date(1970, 1, 1)}), 2))
    assert await _links(pool) == {}


async def test_two_candidates_are_none(pool: Any) -> None:
    deputy, senator = _pair()
    twin = deputy.model_copy(update={"id": "camara-deputy-8", "upstream_id": "8"})
    await store(pool, reading(deputy, 1), reading(twin, 1), reading(senator, 1))
    assert await _links(pool) == {}


async def test_parties_are_stored_once(pool: Any) -> None:
    await store_parties(pool)
    log = len(await changes(pool, "ORGANIZATION"))
    assert log == len(PARTIES)
    await store_parties(pool)
    assert len(await changes(pool, "ORGANIZATION")) == log
    stored = await row(pool, "record", "party-pode")
    assert (stored["source"], stored["kind"]) == (None, "ORGANIZATION")
    document = orjson.loads(stored["document"])
    assert [one["acronym"] for one in document["other_names"]] == ["PTN", "PODE"]
    merged = orjson.loads((await row(pool, "record", "party-dem"))["document"])
    assert merged["successors"] == [{"id": "party-uniao", "kind": "MERGED", "date": "2022-02-08"}]
    assert (await row(pool, "organization", "party-dem"))["active"] is False
