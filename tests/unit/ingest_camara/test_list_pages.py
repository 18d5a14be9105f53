"""Lists that come in pages: read again when rows shift, refused when their shape changed, rows rejected alone."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from ingest_camara.client.answers import Envelope, open_envelope
from ingest_camara.client.list_pages import Listed, Params
from ingest_camara.client.list_pages import read_list as read_named_list
from ingest_camara.wire.voting_records import Voting
from legis.errors import UpstreamSchemaChanged, UpstreamUnavailable
from legis.upstream import UpstreamAnswer

Row = dict[str, Any]


def envelope(data: Any, *, more: bool = False, total: int | None = None) -> Envelope:
    links = [{"rel": "next", "href": "x"}] if more else []
    body = json.dumps({"dados": data, "links": links}).encode()
    headers = {"content-type": "application/json"} | ({} if total is None else {"x-total-count": str(total)})
    return open_envelope(UpstreamAnswer("http://127.0.0.1/votacoes", 200, headers, body, datetime.now(UTC), None))


def pages(*walks: list[Envelope]) -> Callable[[Params], Awaitable[Envelope]]:
    """Answers with the pages of the first walk, then of the second …; the last walk again and again."""
    left = list(walks)
    current: list[Envelope] = []

    async def get(params: Params) -> Envelope:
        if params["pagina"] == 1:
            current[:] = left.pop(0) if len(left) > 1 else left[0]
        return current[int(params["pagina"]) - 1]

    return get


async def read_list(
    get: Callable[[Params], Awaitable[Envelope]], params: Params, model: type[Voting]
) -> Listed[Voting]:
    return await read_named_list(get, params, model, "our-{}".format)


def rows(*ids: int) -> list[Row]:
    return [{"id": f"{number}-1"} for number in ids]


async def test_pages_are_joined() -> None:
    walk = [envelope(rows(1, 2), more=True, total=3), envelope(rows(3), total=3)]
    found = await read_list(pages(walk), {}, Voting)
    assert (list(found.rows), found.ids()) == (["1-1", "2-1", "3-1"], ["our-1-1", "our-2-1", "our-3-1"])


async def test_a_next_page_that_is_empty_ends_the_list() -> None:
    found = await read_list(
        pages([envelope(rows(1), more=True, total=1), envelope([], more=True, total=1)]), {}, Voting
    )
    assert found.ids() == ["our-1-1"]


async def test_a_list_whose_rows_shift_is_read_again() -> None:
    shifted = [envelope(rows(1, 2), more=True, total=4), envelope(rows(4), total=4)]
    whole = [envelope(rows(1, 2), more=True, total=4), envelope(rows(3, 4), total=4)]
    assert list((await read_list(pages(shifted, whole), {}, Voting)).rows) == ["1-1", "2-1", "3-1", "4-1"]
    same = await read_list(pages(shifted, shifted), {}, Voting)
    assert list(same.rows) == ["1-1", "2-1", "4-1"], "a wrong total that stays is not believed"


async def test_a_list_that_never_rests_is_not_believed() -> None:
    walks = [[envelope(rows(number), total=2)] for number in range(1, 9)]
    with pytest.raises(UpstreamUnavailable, match="moved during"):
        await read_list(pages(*walks), {}, Voting)


async def test_broken_rows_are_rejected_alone() -> None:
    data = [{"id": "1-1", "data": ["no text"]}, {"id": {"no": "id"}}, *rows(3)]
    found = await read_list(pages([envelope(data)]), {}, Voting)
    assert list(found.rows) == ["3-1"]
    assert [letter.upstream_id for letter in found.broken] == ["our-1-1", None]
    assert (found.unnamed, found.ids()) == (1, ["our-1-1", "our-3-1"])


async def test_a_list_of_another_shape_is_said_loudly() -> None:
    with pytest.raises(UpstreamSchemaChanged):
        await read_list(pages([envelope([{"codigo": number} for number in range(12)])]), {}, Voting)
    with pytest.raises(UpstreamUnavailable):
        await read_list(pages([envelope({"id": 1})]), {}, Voting)


async def test_a_list_without_the_rows_that_it_counts_does_not_say_what_is_missing() -> None:
    """A hollow second page would pass for the end of the list, and all rows of it for gone."""
    short = [envelope(rows(1), more=True, total=2), envelope([], total=2)]
    uncounted = [envelope(rows(1), more=True), envelope([])]
    for walk in (short, uncounted):
        found = await read_list(pages(walk, walk), {}, Voting)
        assert (list(found.rows), found.names_all) == (["1-1"], False)
    for walk in ([envelope(rows(1), more=True, total=1), envelope([], total=1)], [envelope(rows(1))], [envelope([])]):
        assert (await read_list(pages(walk), {}, Voting)).names_all
    broken = await read_list(pages([envelope([*rows(1), {"id": {}}])]), {}, Voting)
    assert not broken.names_all, "the row might be any"
