"""Where a bill began against what this house does with it."""

import pytest
from legis.domain.identity.originating_house import role_contradicts
from legis.domain.vocabulary import Chamber, ChamberRole

CAMARA, SENADO, CONGRESSO = Chamber.CAMARA, Chamber.SENADO, Chamber.CONGRESSO
BEGINS, REVIEWS = ChamberRole.INITIATING, ChamberRole.REVIEWING


@pytest.mark.parametrize(
    ("chamber", "originating", "role", "contradicts"),
    [
        (SENADO, SENADO, BEGINS, False), (SENADO, CAMARA, REVIEWS, False), (CAMARA, CAMARA, BEGINS, False),
        (SENADO, CAMARA, BEGINS, True), (SENADO, SENADO, REVIEWS, True), (CAMARA, SENADO, BEGINS, True),
        (CONGRESSO, CAMARA, BEGINS, False), (SENADO, CONGRESSO, REVIEWS, False),  # both houses sit together
        (None, CAMARA, BEGINS, False), (SENADO, None, BEGINS, False), (SENADO, CAMARA, None, False),
    ],
)  # fmt: skip
def test_origin_against_role(
    chamber: Chamber | None, originating: Chamber | None, role: ChamberRole | None, contradicts: bool
) -> None:
    assert (role_contradicts(chamber, originating, role) is not None) is contradicts
