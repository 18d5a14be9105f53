"""Bills of a legislator by role."""

from collections.abc import Callable

import orjson
import pytest
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_documents import ROLES, IndexedBill
from api_gateway.search.legislator_bills import count_legislator_bills, legislator_bills

ANA = "camara-deputy-7"


@pytest.fixture(scope="module")
def state(indexed: Callable[..., IndexedBill], state_of: Callable[..., IndexState]) -> IndexState:
    def signed(*roles: str) -> list[dict[str, str]]:
        return [{"name": f"Ana {place}", "legislator_id": "7", "role": role} for place, role in enumerate(roles)]

    return state_of(
        [
            indexed(1, sponsorships=signed("AUTHOR")),
            indexed(2, sponsorships=signed("INITIATOR")),
            indexed(3, sponsorships=signed("COAUTHOR")),
            indexed(4, rapporteurs=[{"name": "Ana", "legislator_id": "7"}], sponsorships=signed("COAUTHOR")),
            indexed(5, sponsorships=[{"name": "Rui", "legislator_id": "77", "role": "AUTHOR"}]),
            indexed(6, source="senado", sponsorships=signed("AUTHOR")),
            indexed(7, removed=True, sponsorships=signed("AUTHOR")),
        ]
    )


@pytest.mark.parametrize(
    ("roles", "bills"),
    [
        (["author"], {1, 2}),
        (["coauthor"], {3, 4}),
        (["rapporteur"], {4}),
        (["author", "rapporteur"], {1, 2, 4}),
        (ROLES, {1, 2, 3, 4}),
    ],
)
def test_each_role_finds_its_bills_of_one_house(state: IndexState, roles: list[str], bills: set[int]) -> None:
    page = legislator_bills(state, ANA, roles, 10, None)
    assert {orjson.loads(hit.summary)["id"] for hit in page.hits} == {f"camara-{number}" for number in bills}


def test_pages_follow_each_other(state: IndexState) -> None:
    first = legislator_bills(state, ANA, ROLES, 3, None)
    second = legislator_bills(state, ANA, ROLES, 3, first.last)
    assert (len(first.hits), first.more, len(second.hits), second.more) == (3, True, 1, False)


def test_roles_are_counted(state: IndexState) -> None:
    assert count_legislator_bills(state, ANA) == {"author": 2, "coauthor": 2, "rapporteur": 1}
    assert count_legislator_bills(state, "camara-deputy-0") == dict.fromkeys(ROLES, 0)
