"""Calls by the client of openapi-python-client; prints how many were made."""

import os
import sys

from generated_client import Client
from generated_client.api.bills import get_bill, list_bills
from generated_client.api.changes import list_changes
from generated_client.api.legislators import list_legislators
from generated_client.api.sources import list_sources

api, newer = (
    Client(base_url=os.environ[name], raise_on_unexpected_status=True) for name in ("LEGIS_URL", "LEGIS_PROXY_URL")
)

bills = list_bills.sync(client=api, limit=5)
assert len(bills.data) == 5
bill_id = bills.data[0].id
assert get_bill.sync(bill_id, client=api).data.id == bill_id
changes = list_changes.sync(client=api, after=0, limit=3)
assert len(changes.data) == 3
assert changes.page.head > 3
assert len(list_legislators.sync(client=api, limit=2).data) == 2
assert "camara" in {one.source for one in list_sources.sync(client=api).data}
assert get_bill.sync(bill_id, client=newer).data.status == os.environ["LEGIS_NEW_STATUS"]
sparse = list_bills.sync(client=api, limit=2, fields=["id", "title"])
assert all(set(one.to_dict()) == {"id", "title"} for one in sparse.data), sparse
sys.stdout.write("openapi-python-client: 7 calls\n")
