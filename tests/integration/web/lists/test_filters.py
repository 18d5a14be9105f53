"""Every filter against a model in Python, over random bills and random questions; and paging to the end."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from api_gateway.documents.derive import derive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from legis.domain.bill import Bill, Organization
from legis.domain.search_text import fold
from legis.domain.vocabulary import BillStatus, Source

Client = httpx2.AsyncClient
COUNT = 120
TYPES = ("PL", "PEC", "REQ", "XPTO")
PARTIES = ("PT", "PSDB", "PCdoB")
STATES = ("SP", "PE", "AC")
NAMES = ("José da Silva", "Antônia Conceição", "Silvio José")
SUBJECTS = ("Educação", "Saúde", "Direito Civil e Processual Civil")
ORGANIZATIONS = ("CCJC", "CFT", None)
STATUSES = (BillStatus.IN_COMMITTEE, BillStatus.ENACTED, BillStatus.REJECTED)
FIRST = datetime(2020, 1, 1, 15, tzinfo=UTC)


def random_bill(make_bill: Callable[..., Bill], number: int) -> Bill:
    chance = random.Random(number)
    name, party, state = (chance.choice(x) for x in (NAMES, (*PARTIES, None), (*STATES, None)))
    organization = chance.choice(ORGANIZATIONS)
    moved = chance.choice((None, *(FIRST + timedelta(days=day) for day in range(20))))
    return make_bill(
        chance.randint(1, 9),
        upstream_id=str(number),
        source=chance.choice((Source.CAMARA, Source.SENADO)),
        type_code=chance.choice(TYPES),
        year=chance.choice((2018, 2019, 2020)),
        status=chance.choice(STATUSES),
        in_progress=chance.choice((True, False, None)),
        authors=[(name, party, state)],
        subjects=chance.sample(SUBJECTS, chance.randint(0, 2)),
        organization=Organization(acronym=organization) if organization else None,
        introduced=chance.choice((None, date(2018, 5, 1), date(2019, 5, 1), date(2020, 5, 1))),
        # many share an instant, so that the ordinal has to break ties
        moved=moved,
        **({} if moved else {"latest_action": None}),
    )


@pytest.fixture(scope="module")
async def bills(store: Any, make_bill: Any) -> list[Bill]:
    made = [random_bill(make_bill, number) for number in range(COUNT)]
    for part in (made[COUNT // 2 :], made[: COUNT // 2]):  # so that ordinals do not run as ids do
        await store(part)
    return made


@pytest.fixture(scope="module")
async def ordinals(bills: list[Bill], connection: Any) -> dict[str, int]:
    """What breaks ties."""
    return {row["id"]: row["ordinal"] for row in await connection.fetch("SELECT id, ordinal FROM bill")}


def _scalar(get: Callable[[Bill], object]) -> Callable[[Bill, list[str], list[str]], bool]:
    def holds(bill: Bill, wanted: list[str], unwanted: list[str]) -> bool:
        value = get(bill)
        text = None if value is None else str(value)
        return (not wanted or text in wanted) and text not in unwanted

    return holds


def _many(get: Callable[[Bill], set[str]]) -> Callable[[Bill, list[str], list[str]], bool]:
    def holds(bill: Bill, wanted: list[str], unwanted: list[str]) -> bool:
        found = get(bill)
        return (not wanted or bool(found & set(wanted))) and not found & set(unwanted)

    return holds


def _author(bill: Bill, wanted: list[str], unwanted: list[str]) -> bool:
    words = {word for s in bill.sponsorships for word in fold(s.name).split()}

    def match(name: str) -> bool:
        return set(fold(name).split()) <= words

    return (not wanted or any(map(match, wanted))) and not any(map(match, unwanted))


MODEL: dict[str, tuple[tuple[str, ...], Callable[[Bill, list[str], list[str]], bool]]] = {
    "chamber": (("CAMARA", "SENADO", "CONGRESSO"), _scalar(lambda b: b.chamber)),
    "type": (("PL", "PEC", "REQ", "XPTO"), _scalar(lambda b: b.type_code)),
    "number": (tuple("123456789"), _scalar(lambda b: b.number)),
    "year": (("2018", "2019", "2020", "1900"), _scalar(lambda b: b.year)),
    "status": (("IN_COMMITTEE", "ENACTED", "MOOT"), _scalar(lambda b: b.status)),
    "author": (("silva", "José", "ANTONIA", "jose silva", "Conceicao Antônia"), _author),
    "party": (("PT", "PSDB", "PCDOB", "NOVO"), _many(lambda b: {s.party.upper() for s in b.sponsorships if s.party})),
    "state": (("SP", "PE", "AC", "RS"), _many(lambda b: {s.state for s in b.sponsorships if s.state})),
    "subject": (SUBJECTS, _many(lambda b: {s.name for s in b.subjects})),
    "organization": (("CCJC", "CFT"), _scalar(lambda b: b.organization.acronym if b.organization else None)),
}
QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(
            st.tuples(st.sampled_from(choices), st.sampled_from((False, False, True))), min_size=1, max_size=3
        )
        for name, (choices, _) in MODEL.items()
    },
)
BOUNDS = st.fixed_dictionaries(
    {},
    optional={
        "in_progress": st.booleans(),
        "introduced_from": st.sampled_from(("0001-01-01", "2018-05-01", "2019-05-02", "2020-05-01")),
        "introduced_to": st.sampled_from(("2018-04-30", "2019-05-01", "2020-05-01")),
        "last_action_from": st.sampled_from(("0001-01-01", "2020-01-05", "2020-01-10T15:00:00Z")),
        "last_action_to": st.sampled_from(("2020-01-12", "2020-01-12T15:00:00Z")),
    },
)


def expected(
    bills: list[Bill], ordinals: dict[str, int], question: dict[str, Any], bounds: dict[str, Any]
) -> list[str]:
    found = []
    for bill in bills:
        named = all(
            MODEL[name][1](bill, [v for v, no in pairs if not no], [v for v, no in pairs if no])
            for name, pairs in question.items()
        )
        if named and _within(bill, bounds):
            found.append(bill)
    long_ago = datetime.min.replace(tzinfo=UTC)
    moved = {bill.id: _moved(bill) or long_ago for bill in found}
    return sorted((b.id for b in found), key=lambda key: (moved[key], ordinals[key]), reverse=True)


def _moved(bill: Bill) -> datetime | None:
    return derive(bill, seen_at=datetime.now(UTC)).last_action_at


def _within(bill: Bill, bounds: dict[str, Any]) -> bool:
    """A bill without a date is in no range of it."""
    at, introduced = _moved(bill), bill.introduced_on
    last = {"2020-01-12": datetime(2020, 1, 13, 3, tzinfo=UTC), "2020-01-12T15:00:00Z": FIRST + timedelta(days=11)}
    first = {"2020-01-05": datetime(2020, 1, 5, 3, tzinfo=UTC), "2020-01-10T15:00:00Z": FIRST + timedelta(days=9)}
    first["0001-01-01"] = datetime(1, 1, 1, 4, tzinfo=UTC)
    checks = {
        "in_progress": lambda v: bill.in_progress is v,
        "introduced_from": lambda v: introduced is not None and introduced >= date.fromisoformat(v),
        "introduced_to": lambda v: introduced is not None and introduced <= date.fromisoformat(v),
        "last_action_from": lambda v: at is not None and at >= first[v],
        "last_action_to": lambda v: at is not None and at < last[v],
    }
    return all(checks[name](value) for name, value in bounds.items())


def parameters(question: dict[str, Any], bounds: dict[str, Any]) -> dict[str, Any]:
    asked: dict[str, Any] = {
        name: ",".join(f"{'-' if no else ''}{value}" for value, no in pairs) for name, pairs in question.items()
    }
    return asked | {name: str(value).lower() if isinstance(value, bool) else value for name, value in bounds.items()}


async def all_ids(api: Client, asked: dict[str, Any], limit: int) -> list[str]:
    found: list[str] = []
    reply = await api.get("/api/v1/bills", params={**asked, "limit": limit})
    for _ in range(COUNT + 1):  # more pages than bills: the cursor goes round in circles
        assert reply.status_code == 200, reply.text
        body = reply.json()
        found += [bill["id"] for bill in body["data"]]
        if body["page"]["next"] is None:
            return found
        reply = await api.get(body["page"]["next"])
    raise AssertionError(f"no end after {COUNT} pages")


@pytest.mark.parametrize(
    ("name", "value", "negative"),
    [(name, value, negative) for name, (values, _) in MODEL.items() for value in values for negative in (False, True)],
)
async def test_each_filter_alone(
    api: Client, bills: list[Bill], ordinals: dict[str, int], name: str, value: str, negative: bool
) -> None:
    question = {name: [(value, negative)]}
    assert await all_ids(api, parameters(question, {}), 100) == expected(bills, ordinals, question, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("introduced_from", "0001-01-01"), ("introduced_from", "2019-05-02"), ("introduced_to", "2019-05-01"),
        ("last_action_from", "0001-01-01"), ("last_action_from", "2020-01-05"), ("last_action_to", "2020-01-12"),
    ],
)  # fmt: skip
async def test_each_bound_alone(
    api: Client, bills: list[Bill], ordinals: dict[str, int], name: str, value: str
) -> None:
    wanted = expected(bills, ordinals, {}, {name: value})
    assert 0 < len(wanted) < COUNT
    assert await all_ids(api, {name: value}, 100) == wanted


async def test_repeated_values_are_or_and_case_is_forgiven(
    api: Client, bills: list[Bill], ordinals: dict[str, int]
) -> None:
    either = await api.get("/api/v1/bills?type=pl&type=pec&limit=100&chamber=camara")
    want = expected(bills, ordinals, {"type": [("PL", False), ("PEC", False)], "chamber": [("CAMARA", False)]}, {})
    assert [bill["id"] for bill in either.json()["data"]] == want[:100]


async def test_other_means_every_type_without_a_word_of_ours(
    api: Client, bills: list[Bill], ordinals: dict[str, int]
) -> None:
    assert await all_ids(api, {"type": "OTHER"}, 100) == expected(bills, ordinals, {"type": [("XPTO", False)]}, {})
    assert await all_ids(api, {"type": "-OTHER"}, 100) == expected(bills, ordinals, {"type": [("XPTO", True)]}, {})


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS, bounds=BOUNDS, limit=st.sampled_from((7, 100)))
async def test_filters_together_find_what_a_model_finds(
    api: Client,
    bills: list[Bill],
    ordinals: dict[str, int],
    question: dict[str, Any],
    bounds: dict[str, Any],
    limit: int,
) -> None:
    asked = parameters(question, bounds)
    first, last = (date.fromisoformat(bounds.get(f"introduced_{end}", "2019-01-01")) for end in ("from", "to"))
    if {"introduced_from", "introduced_to"} <= set(bounds) and first - last > timedelta(days=1):
        reply = await api.get("/api/v1/bills", params=asked)
        assert (reply.status_code, reply.json()["errors"][0]["parameter"]) == (400, "introduced_to")
        return
    assert await all_ids(api, asked, limit) == expected(bills, ordinals, question, bounds)


@pytest.mark.parametrize("sort", ["last_action_at", "-last_action_at", "introduced_on", "-introduced_on", "changed_at"])
async def test_small_pages_lose_and_repeat_nothing(api: Client, bills: list[Bill], sort: str) -> None:
    whole = await all_ids(api, {"sort": sort}, 100)
    assert sorted(whole) == sorted(bill.id for bill in bills)
    assert await all_ids(api, {"sort": sort}, 7) == whole
