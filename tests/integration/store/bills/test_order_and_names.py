"""The store keeps proceedings in the order in which they are read, and names that a reading lacks."""

from typing import Any

import orjson
from api_gateway.store.bills.bill_writer import apply
from integration.store.bills.stored_bills import UNCHANGED, UPDATED, changes, outcomes
from legis.domain.bill import Action, Organization
from legis.domain.proceedings.action_order import in_order

NAMED = Organization(code="2003", acronym="CCJC", name="Comissão de Constituição")
BARE = Organization(code="2003", acronym="CCJC")


def action(day: str, order: int | None, body: Organization | None = None) -> Action:
    return Action(date=day, order=order, kind="OTHER", kind_text=day, organization=body)


async def stored_days(pool: Any, field: str = "actions") -> list[str]:
    items = await pool.fetchval("SELECT items FROM bill_history WHERE bill_id = 'camara-1' AND field = $1", field)
    return [orjson.loads(item)["date"] for item in items]


async def test_an_entry_without_a_place_is_stored_by_its_day(pool: Any, observe: Any) -> None:
    given = [action("2018-12-04", None), action("2019-03-20", 3), action("2018-11-21", 1)]
    await apply(pool, [observe(1, actions=given)])
    assert await stored_days(pool) == ["2018-11-21", "2018-12-04", "2019-03-20"]
    assert outcomes(await apply(pool, [observe(2, actions=in_order(given))])) == [UNCHANGED]


async def test_a_reading_without_names_takes_none_away(pool: Any, observe: Any) -> None:
    voting = {"upstream_id": "1-1", "date": "2019-03-20"}
    named = {"organization": NAMED, "latest_action": action("2019-03-20", 3, NAMED)}
    named |= {"actions": [action("2019-03-20", 3, NAMED)], "vote_events": [voting | {"organization": NAMED}]}
    bare = {"organization": BARE, "latest_action": action("2019-03-20", 3, BARE)}
    bare |= {"actions": [action("2019-03-20", 3, BARE)], "vote_events": [voting | {"organization": BARE}]}
    await apply(pool, [observe(1, **named)])
    assert outcomes(await apply(pool, [observe(2, **bare)])) == [UNCHANGED]
    more = [action("2019-03-20", 3, BARE), action("2019-04-01", 4, BARE)]
    assert outcomes(await apply(pool, [observe(3, **(bare | {"actions": more}))])) == [UPDATED]
    last = orjson.loads((await changes(pool))[-1]["document"])
    (told,) = last["changes"]
    assert (told["field"], told["old"], [entry["organization"]["name"] for entry in told["new"]]) == (
        "actions", [], [NAMED.name],
    )  # fmt: skip
