"""What the pages of legislators, bodies, meetings and changes show, from the API's items."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from api_gateway.site.api_client import Refused
from api_gateway.site.pages.records.agenda_page import MOST_OF_A_WEEK, agenda_view, week_of
from api_gateway.site.pages.records.agreement_page import agreement_view
from api_gateway.site.pages.records.changes_page import SHOWN, Stretch, changes_view, read_stretch
from api_gateway.site.pages.records.committee_members_page import members_view
from api_gateway.site.pages.records.committee_page import committee_view
from api_gateway.site.pages.records.committees_page import api_query as committees_query
from api_gateway.site.pages.records.committees_page import committees_view
from api_gateway.site.pages.records.legislator_page import legislator_view
from api_gateway.site.pages.records.legislators_page import api_query as legislators_query
from api_gateway.site.pages.records.legislators_page import legislators_view
from api_gateway.site.pages.records.meeting_page import meeting_view
from api_gateway.site.records.meeting import SHOWN_ITEMS, meeting, shortened
from api_gateway.site.visit import Visit
from unit.api_gateway_site.records.record_replies import body, change, event, item, legislator, membership, voting
from unit.api_gateway_site.replies import evidence, reply, summary

MONDAY = date(2026, 11, 23)
NONE = reply([], page={})


def at(visit: Visit, path: str, *query: tuple[str, str]) -> Visit:
    return replace(visit, path=path, query=query)


def test_a_legislator_with_votes_bills_and_stays(visit: Visit) -> None:
    stays = [
        membership("PARTY", party="PSB"),
        membership("PARTY", party="PL", party_text="PR", end_date="2023-01-31"),
        membership("TERM", state="CE", condition="TITULAR"),
        membership("COMMITTEE", role="Presidente", end_date="2024-03-01"),
        membership("COMMITTEE", role="Titular"),
        membership("LEAVE", end_reason="Licença médica"),
    ]
    same = [{"id": "senado-senator-9", "rule": "BIRTH_AND_CIVIL_NAME", **evidence("born on 1980-11-11")}]
    own = reply([{"option": "NO", "party": "PL", "state": "CE", "vote_event": voting()}])
    view = legislator_view(visit, legislator(memberships=stays, same_person=same), own, reply([summary()]))
    assert (view.name, view.party, view.state, view.office.code) == ("Ana Falcão", "PSB", "CE", "IN_OFFICE")
    assert view.votes is not None
    assert (view.votes[0].option.text, view.votes[0].party) == ("Não", "PL")
    assert [(one.text, one.count) for one in view.roles] == [
        ("Todos", None), ("Autoria", 4), ("Coautoria", 7), ("Relatoria", None),
    ]  # fmt: skip
    assert [(one.text, one.now, one.note) for one in view.parties] == [("PSB", True, ""), ("PL", False, "na época PR")]
    assert [(one.role, one.now) for one in view.bodies] == [("Titular", True), ("Presidente", False)]
    assert (view.terms[0].note, view.terms[0].role) == ("CE, 57ª legislatura", "Titular")
    assert view.leaves[0].note == "Licença médica"
    assert (view.same_person[0].address, view.same_person[0].rule) == (
        "/legislators/senado-senator-9", "mesmo nascimento e nome civil",
    )  # fmt: skip
    assert ("Nascimento", "11 nov 1980, Sobral-CE", False) in view.facts


def test_what_the_api_does_not_give_of_a_legislator_is_said(visit: Visit) -> None:
    person = legislator(name=None, party=None, in_office=None, birth_date=None, birth_place=None, civil_name=None)
    view = legislator_view(visit, person, None, None)
    assert (view.votes, view.bills) == (None, None)
    assert (view.name, view.office.code) == ("Nome não informado", "UNKNOWN")
    assert [words for words, _, _ in view.facts] == ["Legislaturas"]


def test_without_a_choice_those_in_office_are_listed(visit: Visit) -> None:
    assert legislators_query(visit) == (("in_office", "true"),)
    assert legislators_query(at(visit, "/legislators", ("q", "ana"), ("in_office", "any"))) == (("q", "ana"),)
    view = legislators_view(at(visit, "/legislators", ("in_office", "any")), reply([legislator()], page={}))
    assert [one.value for one in view.office if one.selected] == ["any"]
    assert view.rows[0].address == "/legislators/camara-deputy-1"


def test_agreement_with_a_party(visit: Visit) -> None:
    told = {
        "a": {"id": "camara-deputy-1", "type": "legislator", "name": "Ana Falcão"},
        "b": {"id": "party-pt", "type": "party", "name": "PT"},
        "same": 42, "common": 64, "rate": 0.6562, "one_sided": {"count": 3, "share": 0.05},
        "definition": "https://legis.example/agreement",
    }  # fmt: skip
    view = agreement_view(visit, reply(legislator()), reply(told), "PT")
    assert view.heading == "Ana Falcão e PT: de acordo em 66\u00a0%"
    assert view.counts == "Escolheram o mesmo em 42 de 64 votações em que os dois votaram sim ou não."
    assert [share.count for share in view.shares] == [42, 22]
    assert "3 delas" in (view.one_sided or "")
    few = agreement_view(visit, reply(legislator()), reply({**told, "common": 0, "same": 0, "rate": None}), "PT")
    assert (few.rate, few.few, few.shares) == (None, True, ())
    assert agreement_view(visit, reply(legislator()), None, "").heading == "Comparar Ana Falcão com um partido"


def test_active_bodies_that_meet_are_listed_by_house(visit: Visit) -> None:
    asked = committees_query(visit)
    assert ("active", "true") in asked
    assert ("classification", "PERMANENT") in asked
    assert ("classification", "PARTY") not in asked
    chosen = at(visit, "/committees", ("classification", "PARTY"), ("active", "any"))
    assert committees_query(chosen) == (("classification", "PARTY"),)
    view = committees_view(
        visit, reply([body(), body(id="x", house="SENADO", active=False), body(id="p", house=None)], page={})
    )
    assert [house for house, _ in view.houses_shown] == ["Sem casa: partidos e outros", "Câmara", "Senado"]
    assert view.houses_shown[1][1][0].state is None, "only the exception is said"
    assert view.houses_shown[2][1][0].state is not None


def test_a_committee_with_bills_meetings_and_decisions(visit: Visit) -> None:
    decided = [item(1, outcome="APPROVED", vote_event_id="camara-vote-1"), item(2), item(3, outcome="NOT_REACHED")]
    events = reply(
        [event(3, start="2026-12-01T13:00:00Z"), event(2, start="2026-11-28T20:00:00Z"), event(1, agenda=decided)]
    )
    view = committee_view(visit, body(), reply([summary()], page={"count": {"value": 24}}), events)
    assert view.bills_count == 24
    assert view.all_bills == "/?organization=CFT&chamber=CAMARA&in_progress=true"
    assert view.meetings is not None
    assert [one.id for one in view.meetings] == ["camara-event-2", "camara-event-3"], "soonest first"
    assert [(one.item.label, one.item.vote) for one in view.decisions] == [("PL 1/2026", "/votes/camara-vote-1")]
    assert [(text, count) for text, _, count, _ in view.head.tabs] == [
        ("Projetos", None),
        ("Membros", 3),
        ("Votações", None),
    ]


def test_members_stand_with_offices_first_and_substitutes_last(visit: Visit) -> None:
    now = [
        membership("COMMITTEE", legislator_name="Bia", role="Suplente", condition="SUBSTITUTE"),
        membership("COMMITTEE", legislator_name="Zé", role="Titular"),
        membership("COMMITTEE", legislator_name="Ana", role="Titular"),
        membership("COMMITTEE", legislator_name="Ivo", role="Presidente"),
    ]
    view = members_view(
        visit, body(), reply(now, page={"next": "/api/v1/x?cursor=2"}), reply([membership("COMMITTEE")], page={})
    )
    assert [one.name for one in view.present] == ["Ivo", "Ana", "Zé", "Bia"]
    assert view.present_more == "/api/v1/x?cursor=2"
    assert not view.former_open
    assert members_view(visit, body(), NONE, NONE).former_open


@pytest.mark.parametrize("given", ["2026-W48", "2026-w48", ""])
def test_a_week_by_its_name(visit: Visit, given: str) -> None:
    assert week_of(at(visit, "/agenda", ("week", given))) == MONDAY


@pytest.mark.parametrize(
    "given",
    ["2026-W54", "2026-48", "x", "2026-W4", "0000-W01", "2026-W4²", "9999-W52", "0001-W01", "1899-W52", "2201-W01"],
)
def test_what_is_no_week_is_refused(visit: Visit, given: str) -> None:
    with pytest.raises(Refused) as refused:
        week_of(at(visit, "/agenda", ("week", given)))
    assert refused.value.problem.errors[0][0] == "week"


@pytest.mark.parametrize("given", ["1900-W01", "2200-W52"])
def test_the_first_and_the_last_week_are_shown(visit: Visit, given: str) -> None:
    assert agenda_view(visit, week_of(at(visit, "/agenda", ("week", given))), [NONE]).week == given


def test_a_week_day_by_day(visit: Visit) -> None:
    events = [
        event(1, agenda=[item(1), item(2)]),
        event(2, start="2026-11-25T01:30:00Z", house="SENADO"),  # still Tuesday in Brasília
        event(3, start="2026-11-28T15:00:00Z", status="CANCELLED", agenda=[item(1)]),
    ]
    view = agenda_view(visit, MONDAY, [reply(events, page={})])
    assert (view.span, view.count, view.bills) == ("23 a 28 nov", 3, 2)
    assert [one.day.day for one in view.strip] == [23, 24, 25, 26, 27, 28], "a Saturday only where something is on"
    assert [(label.text, count) for label, count in view.strip[1].counts] == [("Câmara", 1), ("Senado", 1)]
    assert [len(part.meetings) for part in view.days] == [0, 2, 0, 0, 0, 1]
    saturday = view.days[5]
    assert (saturday.today, saturday.meetings[0].off, saturday.meetings[0].status is not None) == (True, True, True)
    assert (view.before, view.after, view.today) == ("/agenda?week=2026-W47", "/agenda?week=2026-W49", None)
    assert len(view.calendars) == 4


def test_a_full_week_shows_a_day_at_a_time(visit: Visit) -> None:
    many = [event(number, start=f"2026-11-{24 + number % 3}T13:00:00Z") for number in range(MOST_OF_A_WEEK + 1)]
    view = agenda_view(visit, MONDAY, [reply(many, page={"next_cursor": "c"})])
    assert (view.one_day, view.complete) == (True, False)
    assert [part.day.day for part in view.days] == [24]
    assert view.strip[2].address == "/agenda?week=2026-W48&day=2026-11-25"
    chosen = agenda_view(at(visit, "/agenda", ("day", "2026-11-25")), MONDAY, [reply(many, page={})])
    assert [part.day.day for part in chosen.days] == [25]


def test_items_beyond_the_first_are_counted(visit: Visit) -> None:
    whole = meeting(visit, event(agenda=[item(n) for n in range(1, 10)]))
    short = shortened(whole)
    assert (len(short.items or ()), short.more) == (SHOWN_ITEMS, 9 - SHOWN_ITEMS)
    assert shortened(meeting(visit, event(agenda=[item(n) for n in range(SHOWN_ITEMS + 1)]))).more == 0, "no “1 more”"
    full = [event(n, agenda=[item(n) for n in range(20)]) for n in range(MOST_OF_A_WEEK)]
    view = agenda_view(visit, MONDAY, [reply(full, page={})])
    assert sum(len(one.items or ()) for part in view.days for one in part.meetings) <= 100


def test_a_meeting_says_only_the_exception(visit: Visit) -> None:
    assert meeting(visit, event()).status is None
    assert meeting(visit, event(status="HELD")).status is None
    moved = meeting(visit, event(status="MOVED", moved_to="camara-event-9"))
    assert (moved.off, moved.moved_to, moved.status is not None) == (True, "/agenda/camara-event-9", True)
    media = [{"url": "javascript:x", "note": "a"}, {"url": "https://v.test/1", "note": None}]
    view = meeting_view(visit, event(agenda=[item(outcome="REJECTED", rapporteur="Ivo")], media=media))
    assert view.media == (("Gravação", "https://v.test/1"),)
    assert view.week == "/agenda?week=2026-W48"
    assert view.meeting.items is not None
    assert view.meeting.items[0].outcome is not None


def test_changes_by_day_newest_first(visit: Visit) -> None:
    entries = [change(n, changed_at=f"2026-11-{27 if n < 3 else 28}T14:00:00Z") for n in range(1, 5)]
    view = changes_view(visit, Stretch(tuple(entries), 0, {"camara-4": "Telessaúde"}, ()))
    assert [(day, today, [one.seq for one in found]) for day, today, found in view.days] == [
        ("2026-11-28", True, [4, 3]), ("2026-11-27", False, [2, 1]),
    ]  # fmt: skip
    newest = view.days[0][2][0]
    assert (newest.title, newest.identifier) == ("Telessaúde", "PL 4/2026")
    assert [(one.label, one.old, one.new) for one in newest.fields] == [("Situação", "Apresentado", "Em comissão")]
    assert (view.pager.next, view.pager.first) == (None, None)
    assert view.stream == "/api/v1/changes/stream?kind=MOVED"


def test_older_changes_go_on_before_the_oldest_shown(visit: Visit) -> None:
    many = Stretch(tuple(change(n) for n in range(1000, 1000 + SHOWN + 5)), 900, {}, ())
    view = changes_view(at(visit, "/changes", ("kind", "EDITED")), many)
    assert view.pager.next == "/changes?kind=EDITED&before=1005"
    older = changes_view(at(visit, "/changes", ("before", "1005")), Stretch((change(950),), 900, {}, ()))
    assert (older.pager.next, older.pager.first, older.stream) == ("/changes?before=901", "/changes", "")


def test_a_field_that_says_another_ones_news_again_is_left_out(visit: Visit) -> None:
    fields = [
        {"field": "last_action_at", "old": "a", "new": "b"},
        {"field": "documents", "old": [], "new": [{}]},
        {"field": "latest_action", "old": None, "new": {"description": "Parecer"}},
    ]
    view = changes_view(visit, Stretch((change(1, changes=fields),), 0, {}, ()))
    assert [one.label for one in view.days[0][2][0].fields] == ["Último passo", "Documentos"]


class _Log:
    """The API's log of changes: forwards, at most 100 entries a reply, of which only some match."""

    most = 3

    def __init__(self, head: int, every: int) -> None:
        self.head, self.every, self.calls = head, every, 0

    async def get(self, path: str, params: Any) -> Any:
        self.calls += 1
        asked = dict(params)
        if path.endswith("/bills"):
            return reply([summary(change_seq=self.head - 1)])
        after = int(asked["after"])
        found = [seq for seq in range(after + 1, self.head + 1) if seq % self.every == 0][:100]
        reached = found[-1] if len(found) == 100 else self.head
        page = {"head": self.head, "next_after": reached, "has_more": reached < self.head}
        return reply([change(seq) for seq in found], page=page)


@pytest.mark.parametrize(("head", "every"), [(50, 1), (5000, 1), (5000, 7), (5000, 40), (5000, 4999), (0, 1)])
async def test_a_stretch_of_the_log_is_whole_and_reaches_its_end(visit: Visit, head: int, every: int) -> None:
    log = _Log(head, every)
    found = await read_stretch(visit, log)  # type: ignore[arg-type]
    assert log.calls <= log.most
    matching = [seq for seq in range(found.start + 1, head + 1) if seq % every == 0]
    assert [one["seq"] for one in found.entries] == matching, "none is left out between its start and the head"


async def test_pages_of_the_log_meet_without_a_gap(visit: Visit) -> None:
    seen: list[int] = []
    here = at(visit, "/changes")
    for _ in range(1000):
        view = changes_view(here, await read_stretch(here, _Log(1000, 3)))  # type: ignore[arg-type]
        seen += [one.seq for _, _, found in view.days for one in found]
        if view.pager.next is None:
            break
        here = at(visit, "/changes", ("before", view.pager.next.partition("before=")[2]))
    assert seen == [seq for seq in range(999, 0, -3)]


@pytest.mark.parametrize("given", ["x", "-1", "0", "9" * 16, "²"])
async def test_what_is_no_place_in_the_log_is_refused(visit: Visit, given: str) -> None:
    with pytest.raises(Refused):
        await read_stretch(at(visit, "/changes", ("before", given)), _Log(5, 1))  # type: ignore[arg-type]
