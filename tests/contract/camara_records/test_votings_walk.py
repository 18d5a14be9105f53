"""Windows of votings against the simulated Câmara: files, days, what is late, broken or missing."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from contract.camara_records.reading import gather, poll, readings, rejected, seen, votings, walk
from contract.conftest import TODAY
from legis.domain.records.any_record import merge_records
from legis.domain.records.vote_completion import completed, votes_hash
from legis.domain.records.vote_event_record import OrientationKind
from legis.domain.vocabulary import ReadingPart
from legis.errors import UpstreamUnavailable
from legis.events import Walk
from legis.ingest.source import RecordAbsence, RecordReading

FILES = "/camara/arquivos"


async def vote_today(at: Any) -> str:
    """Has the plenary vote on a bill now; the id of the voting. Only bills of law are voted on."""
    for _ in range(50):
        told = await at.ask("/control/change", "POST", source="camara", step="plenario")
        rows = await api(at, f"/proposicoes/{told['id']}/votacoes")
        if rows and rows[0]["data"] == told["at"][:10]:
            return str(rows[0]["id"])
    raise AssertionError("no bill of law was picked")


async def api(at: Any, path: str) -> Any:
    async with at.http.get(f"{at.url}/camara/api/v2{path}") as reply:
        assert reply.status == 200, path
        return (await reply.json())["dados"]


async def test_files_hold_what_the_api_says(camara_desk: Any) -> None:
    async with camara_desk(bills=1500, backfill_from_year=1991) as at:
        items = await walk(at, Walk.VOTINGS_BACKFILL)
        found = votings(items)
        assert rejected(items) == []
        assert len(found) > 100
        named = 0
        for upstream_id, record in list(found.items())[::3]:
            detail = await api(at, f"/votacoes/{upstream_id}")
            votes = await api(at, f"/votacoes/{upstream_id}/votos")
            orientations = await api(at, f"/votacoes/{upstream_id}/orientacoes")
            assert record.date is not None
            assert record.date.isoformat() == detail["data"]
            assert record.description == " ".join(detail["descricao"].split())
            assert record.organization_id == f"camara-org-{detail['idOrgao']}"
            assert (record.event_id or "").removeprefix("camara-event-") == str(detail["idEvento"] or "")
            if record.date.year >= 2001:
                named += bool(votes)
                assert len(record.votes) == len(votes)
                asked = {f"camara-deputy-{row['deputado_']['id']}": row["tipoVoto"] for row in votes}
                assert {vote.legislator_id: vote.option_text for vote in record.votes} == asked
            else:
                assert "votes" not in record.model_fields_set, "no file of votes says nothing"
            if record.date.year >= 2003:
                assert len(record.orientations) == len(orientations)
        assert named > 5
        assert (await poll(at, Walk.VOTINGS_BACKFILL))[:-1] == [], "stored already"


async def test_a_year_is_listed_whole_and_this_year_up_to_the_last_night(camara_desk: Any) -> None:
    async with camara_desk(bills=3000, backfill_from_year=2022) as at:
        items = await walk(at, Walk.VOTINGS_BACKFILL)
        lists = {one.first.year: one for one in seen(items)}
        assert set(lists) == {2022, 2023, 2024, 2025, 2026}
        assert lists[2024].last == date(2024, 12, 31)
        assert lists[2026].last <= TODAY - timedelta(days=2)
        by_year = Counter(record.date.year for record in votings(items).values() if record.date)
        assert {year: len(one.ids) for year, one in lists.items()} == by_year
        assert {one.prefix for one in lists.values()} == {"camara-vote-"}


async def test_the_purpose_of_a_bare_request_comes_from_its_opening(camara_desk: Any) -> None:
    async with camara_desk(bills=3000, backfill_from_year=2001) as at:
        items = await walk(at, Walk.VOTINGS_BACKFILL)
        bare = [one for one in votings(items).values() if "o Requerimento." in (one.description or "")]
        assert {one.purpose for one in bare} >= {"WITHDRAW_FROM_AGENDA", "URGENCY", "POSTPONE", "CLOSE_DEBATE"}
        assert "REQUEST" not in {one.purpose for one in bare}
        asked = [one for one in readings(items) if one.part is ReadingPart.DETAIL]
        assert 0 < len(asked) < len(bare), "details only where the file has no opening"


async def test_oddities_are_flagged(camara_desk: Any) -> None:
    async with camara_desk(bills=4000, backfill_from_year=2001) as at:
        found = [completed(record) for record in votings(await walk(at, Walk.VOTINGS_BACKFILL)).values()]
        flags = Counter(flag.code for record in found for flag in record.flags)
        assert flags.keys() >= {"VOTES_MISSING", "RESULT_CONTRADICTS", "VOTES_OF_ANOTHER"}
        assert "DATE_SUSPECT" not in flags, "five days late is no news"
        hashes = Counter(value for record in found if (value := votes_hash(record)))
        assert max(hashes.values()) > 1, "one voting under two ids"
        mistyped = [one for one in found if one.description and "COUNTS_DIFFER" in {flag.code for flag in one.flags}]
        assert all("VOTES_OF_ANOTHER" in {flag.code for flag in one.flags} for one in mistyped), "figures beat text"
        assert any(record.secret for record in found)


async def test_a_new_voting_is_read_once_with_all_of_its_parts(camara_desk: Any) -> None:
    async with camara_desk(bills=400) as at:
        assert votings(await poll(at, Walk.VOTINGS)) == {}
        upstream_id = await vote_today(at)
        items = await poll(at, Walk.VOTINGS)
        (reading,) = (one for one in readings(items) if one.record.upstream_id == upstream_id)
        assert reading.part is ReadingPart.DETAIL
        record = votings(items)[upstream_id]
        assert {"votes", "orientations", "bills", "purpose"} <= record.model_fields_set
        assert record.bills[0].id == f"camara-{upstream_id.split('-')[0]}"
        kinds = {one.kind for one in record.orientations}
        assert kinds == {OrientationKind.PARTY, OrientationKind.BLOC}
        assert [one.prefix for one in seen(items)] == ["camara-vote-"] * len(seen(items))
        assert f"camara-vote-{upstream_id}" in {key for one in seen(items) for key in one.ids}
        assert seen(items)[-1].last >= TODAY
        again = await poll(at, Walk.VOTINGS)
        assert [one.record.upstream_id for one in readings(again) if one.record.upstream_id == upstream_id] in (
            [],
            [upstream_id] if record.counts_published and not record.votes else [],
        )


async def test_a_file_does_not_take_back_what_the_api_said(camara_desk: Any) -> None:
    async with camara_desk(bills=400, backfill_from_year=2026) as at:
        upstream_id = await vote_today(at)
        from_api = votings(await poll(at, Walk.VOTINGS))[upstream_id]
        from_file = votings(await walk(at, Walk.VOTINGS_BACKFILL))[upstream_id]
        merged = merge_records(from_api, from_file)
        assert merged.model_copy(update={"purpose": from_api.purpose}) == merged or from_file.purpose != "REQUEST"
        assert (merged.votes, merged.date, merged.organization) == (
            from_api.votes,
            from_api.date,
            from_api.organization,
        )
        assert [one.label for one in merged.orientations] == [one.label for one in from_api.orientations]


async def test_votes_that_are_not_there_yet_are_asked_for_again(camara_desk: Any) -> None:
    async with camara_desk(bills=400) as at:
        upstream_id = await vote_today(at)
        await at.fault("status", value=404, path=f"/camara/api/v2/votacoes/{upstream_id}/votos")
        record = votings(await poll(at, Walk.VOTINGS))[upstream_id]
        assert "votes" not in record.model_fields_set, "a 404 of a list claims nothing"
        await at.ask("/control/faults", "DELETE")
        again = votings(await poll(at, Walk.VOTINGS))[upstream_id]
        assert "votes" in again.model_fields_set


async def test_a_voting_whose_detail_is_not_there_yet_is_read_from_its_row(camara_desk: Any) -> None:
    async with camara_desk(bills=400) as at:
        upstream_id = await vote_today(at)
        await at.fault("status", value=404, path=f"/camara/api/v2/votacoes/{upstream_id}")
        (reading,) = (one for one in readings(await poll(at, Walk.VOTINGS)) if one.record.upstream_id == upstream_id)
        assert (reading.part, reading.marks) == (ReadingPart.LIST, {})
        await at.ask("/control/faults", "DELETE")
        (reading,) = (one for one in readings(await poll(at, Walk.VOTINGS)) if one.record.upstream_id == upstream_id)
        assert reading.part is ReadingPart.DETAIL


async def test_a_refused_voting_is_set_aside_and_others_are_read(camara_desk: Any) -> None:
    async with camara_desk(bills=400) as at:
        first, second = await vote_today(at), await vote_today(at)
        await at.fault("status", value=400, path=f"/camara/api/v2/votacoes/{first}")
        items = await poll(at, Walk.VOTINGS)
        assert [one.upstream_id for one in rejected(items)] == [f"camara-vote-{first}"]
        assert second in votings(items)


@pytest.mark.parametrize("kind", ["500", "half_body", "html200", "empty200"])
async def test_a_broken_list_fails_its_window(camara_desk: Any, kind: str) -> None:
    async with camara_desk(bills=200) as at:
        await at.fault(kind, match="/votacoes?")
        with pytest.raises(UpstreamUnavailable):
            await poll(at, Walk.VOTINGS)


@pytest.mark.parametrize("name", ["votacoesVotos", "votacoesOrientacoes", "votacoesProposicoes", "votacoes"])
async def test_a_broken_file_fails_its_year(camara_desk: Any, name: str) -> None:
    async with camara_desk(bills=1500, backfill_from_year=2026) as at:
        await at.fault("truncated", path=f"{FILES}/{name}/csv/{name}-2026.csv")
        with pytest.raises(UpstreamUnavailable):
            await poll(at, Walk.VOTINGS_BACKFILL)


async def test_a_missing_file_is_empty_only_where_the_api_lists_nothing(camara_desk: Any) -> None:
    async with camara_desk(bills=1500, backfill_from_year=2026) as at:
        await at.fault("status", value=404, path=f"{FILES}/votacoes/csv/votacoes-2026.csv")
        with pytest.raises(UpstreamUnavailable, match="lists some"):
            await poll(at, Walk.VOTINGS_BACKFILL)
        window = at.source.next_window(Walk.VOTINGS_BACKFILL, -1960, at.now())
        assert window is None, "before the oldest year"
    async with camara_desk(bills=200, backfill_from_year=1980) as at:
        window = at.source.next_window(Walk.VOTINGS_BACKFILL, -1980, at.now())
        assert window is not None
        assert await gather(at, window) == []


async def test_a_missing_file_of_parts_claims_nothing_of_them(camara_desk: Any) -> None:
    async with camara_desk(bills=1500, backfill_from_year=2026) as at:
        await at.fault("status", value=404, path=f"{FILES}/votacoesVotos/csv/votacoesVotos-2026.csv")
        filed = [one.record for one in readings(await poll(at, Walk.VOTINGS_BACKFILL)) if one.part is ReadingPart.BULK]
        assert filed
        assert not any("votes" in record.model_fields_set for record in filed)
        assert all("orientations" in record.model_fields_set for record in filed)


async def test_a_file_that_is_away_at_night_does_not_stop_the_poll(camara_desk: Any) -> None:
    async with camara_desk(bills=1500) as at:
        now = at.now()
        at_night = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=7, minutes=1)
        position = round((at_night - timedelta(hours=1)).timestamp() * 1e6)
        window = at.source.next_window(Walk.VOTINGS, position, max(now, at_night))
        assert window is not None
        assert window.detail["years"] == str((TODAY - timedelta(days=1)).year)
        await at.fault("status", value=404, path=f"{FILES}/votacoes/csv/votacoes-{window.detail['years']}.csv")
        assert seen(await gather(at, window))
        await at.ask("/control/faults", "DELETE")
        await at.fault("truncated", path=f"{FILES}/votacoes/csv/votacoes-{window.detail['years']}.csv")
        assert seen(await gather(at, window))
        await at.ask("/control/faults", "DELETE")
        assert {one.part for one in readings(await gather(at, window))} == {ReadingPart.BULK}


async def test_one_record_by_id(camara_desk: Any) -> None:
    async with camara_desk(bills=400) as at:
        upstream_id = await vote_today(at)
        (found,) = await at.source.read_one(f"camara-vote-{upstream_id}", at.memory)
        assert isinstance(found, RecordReading)
        assert found.record.upstream_id == upstream_id
        (gone,) = await at.source.read_one("camara-vote-1-1", at.memory)
        assert isinstance(gone, RecordAbsence)
        assert gone.record_id == "camara-vote-1-1"
