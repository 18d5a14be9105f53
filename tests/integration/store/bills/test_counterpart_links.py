"""The writer links the two records of a bill."""

from typing import Any

import pytest
from api_gateway.store.bills.bill_writer import apply
from integration.store.bills.stored_bills import UPDATED, bill, outcomes
from legis.domain.vocabulary import Source


@pytest.mark.parametrize("first", [Source.CAMARA, Source.SENADO])
async def test_counterparts_are_linked_whoever_comes_first(pool: Any, observe: Any, first: Source) -> None:
    hint = {"rule": "EXPLICIT_URI", "chamber": "CAMARA", "type_code": "PL", "number": 10, "year": 2024}
    camara = observe(1, "1", source=Source.CAMARA, chamber="CAMARA")
    senado = observe(
        2, "9", source=Source.SENADO, chamber="SENADO", type="PLC", type_code="PLC", number=3, number_text="3",
        identifier="PLC 3/2024", counterpart_hints=[hint | {"evidence": "says so", "upstream_id": "1"}],
    )  # fmt: skip
    for item in [camara, senado] if first is Source.CAMARA else [senado, camara]:
        await apply(pool, [item])
    rows = await pool.fetch("SELECT bill_id, counterpart_id, rule FROM bill_counterpart ORDER BY bill_id")
    assert [tuple(row) for row in rows] == [
        ("camara-1", "senado-9", "EXPLICIT_URI"),
        ("senado-9", "camara-1", "EXPLICIT_URI"),
    ]
    changed = observe(3, "9", source=Source.SENADO, chamber="SENADO", type="PLC", type_code="PLC", number=3,
                      number_text="3", identifier="PLC 3/2024", counterpart_hints=[])  # fmt: skip
    assert outcomes(await apply(pool, [changed])) == [UPDATED]
    assert await pool.fetchval("SELECT count(*) FROM bill_counterpart") == 0


async def test_both_records_of_a_bill_in_one_batch_are_linked(pool: Any, observe: Any) -> None:
    items = [
        observe(1, "1", source=Source.CAMARA, chamber="CAMARA"),
        observe(2, "9", source=Source.SENADO, chamber="SENADO"),
    ]
    await apply(pool, items)
    assert await pool.fetchval("SELECT count(*) FROM bill_counterpart") == 2


async def test_a_rewrite_that_only_flags_a_doubt_finds_no_link_anew(pool: Any, observe: Any) -> None:
    """The links are marked by hand: whoever finds them again writes their confidence over the mark."""
    mark = 0.123
    authors = {"sponsorships": [{"name": "a", "role": "AUTHOR", "kind": "LEGISLATOR", "legislator_id": "a"}]}
    camara = {"source": Source.CAMARA, "chamber": "CAMARA"}
    await apply(pool, [observe(1, "1", **camara, **authors), observe(2, "9", source=Source.SENADO, chamber="SENADO")])
    await pool.execute("UPDATE bill_counterpart SET confidence = $1", mark)

    async def confidences() -> list[float]:
        return [row["confidence"] for row in await pool.fetch("SELECT confidence FROM bill_counterpart")]

    for seq, claims in ((3, {"sponsorships": []}), (4, authors)):
        before = await bill(pool)
        assert outcomes(await apply(pool, [observe(seq, "1", at=10 * seq, **camara, **claims)])) == [UPDATED]
        after = await bill(pool)
        assert (after["version"], after["document"] != before["document"]) == (before["version"], True), "unlogged"
        assert await confidences() == [mark, mark]
    await apply(pool, [observe(5, "1", at=50, **camara, **authors, title="Institui o dia da educação básica")])
    assert mark not in await confidences(), "a title decides on links"


HARVEST = "Dispõe sobre o seguro da safra de arroz e a política de preços mínimos do produtor rural."


async def evidence(pool: Any) -> list[str]:
    return [text for row in await pool.fetch("SELECT evidence FROM bill_counterpart") for text in row["evidence"]]


async def test_a_link_is_judged_anew_when_a_title_or_the_authors_text_changes(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "1", source=Source.CAMARA, chamber="CAMARA", introduced_on="2024-02-01")])
    senado = {"source": Source.SENADO, "chamber": "SENADO", "sponsors_text": "Câmara dos Deputados"}
    await apply(pool, [observe(2, "9", **senado)])
    assert {"titles 1.00 alike"} < set(await evidence(pool))
    assert any("its author is the Câmara" in text for text in await evidence(pool))
    await apply(pool, [observe(3, "9", **(senado | {"sponsors_text": "Senador Fulano de Tal"}))])
    found = await evidence(pool)
    assert found
    assert not any("its author is the Câmara" in text for text in found), "what it rested on is gone"
    await apply(pool, [observe(4, "9", **(senado | {"sponsors_text": "Senador Fulano de Tal", "title": HARVEST}))])
    assert await evidence(pool) == [], "other titles and no sign of an origin: strangers of equal number"


@pytest.mark.parametrize("named_first", [True, False])
async def test_a_named_counterpart_takes_the_place_of_one_by_number(pool: Any, observe: Any, named_first: bool) -> None:
    await apply(pool, [observe(1, "1", source=Source.CAMARA, chamber="CAMARA")])
    by_number = observe(2, "8", source=Source.SENADO, chamber="SENADO")
    hint = {"rule": "EXPLICIT_URI", "chamber": "CAMARA", "type_code": "PL", "number": 10, "year": 2024}
    named = observe(
        3, "9", source=Source.SENADO, chamber="SENADO", type="PLC", type_code="PLC", number=3, number_text="3",
        identifier="PLC 3/2024", counterpart_hints=[hint | {"evidence": "says so", "upstream_id": "1"}],
    )  # fmt: skip
    for item in [named, by_number] if named_first else [by_number, named]:
        await apply(pool, [item])
    rows = await pool.fetch("SELECT bill_id, counterpart_id FROM bill_counterpart ORDER BY bill_id")
    assert [tuple(row) for row in rows] == [("camara-1", "senado-9"), ("senado-9", "camara-1")]
