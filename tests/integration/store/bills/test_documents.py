"""What the writer stores of a bill for those who read it."""

from datetime import UTC, datetime
from typing import Any

import orjson
from api_gateway.documents.models import BillDetail, BillSummary, Change
from api_gateway.documents.render import with_counterparts
from api_gateway.store.bills.bill_writer import apply
from integration.store.bills.stored_bills import bill, changes
from legis.domain.vocabulary import ActionKind


async def test_rendered_bytes_fit_the_public_models(pool: Any, observe: Any) -> None:
    action = {"date": "2024-05-02", "kind": ActionKind.APPROVED, "order": 2, "description": "Aprovado"}
    await apply(
        pool,
        [
            observe(
                1,
                trace_id="ab" * 16,
                introduced_on="2024-02-01",
                latest_action=action,
                actions=[action, {"date": "2024-02-01", "kind": ActionKind.INTRODUCED, "order": 1}],
                sponsorships=[{"name": "Ana", "role": "AUTHOR", "kind": "LEGISLATOR", "party": "pt", "state": "SP"}],
                subjects=[{"name": "Educação, Cultura"}],
                organization={"acronym": "ccjc"},
                extras={"novo": {"x": 1}},
            )
        ],
    )
    row = await bill(pool)
    detail = BillDetail.model_validate_json(with_counterparts(row["document"], []))
    summary = BillSummary.model_validate_json(row["summary"])
    change = Change.model_validate_json((await changes(pool))[0]["document"])
    assert (detail.id, detail.version, detail.change_seq) == ("camara-1", 1, 1)
    assert detail.changed_at == row["changed_at"] == summary.changed_at == change.changed_at
    assert detail.last_action_at == row["last_action_at"] == datetime(2024, 5, 2, 3, tzinfo=UTC)
    assert (summary.authors, summary.parties, summary.subjects) == (["Ana"], ["PT"], ["Educação, Cultura"])
    assert (row["parties"], row["states"], row["subjects"]) == (["PT"], ["SP"], ["educacao-cultura"])
    assert (row["labels"], row["organization"]) == (["PL 10/2024"], "CCJC")
    assert (change.seq, change.kind, change.changes, change.trace_id) == (1, "CREATED", [], "ab" * 16)
    stored = await pool.fetchrow("SELECT items FROM bill_history WHERE bill_id = 'camara-1' AND field = 'actions'")
    assert [orjson.loads(item)["order"] for item in stored["items"]] == [1, 2]
