"""Where an index is, and how often it was built again."""

from api_gateway.search.index_schema import SCHEMA_VERSION
from legis.telemetry.metrics import INDEX_REBUILDS

HOME = f"schema-{SCHEMA_VERSION}"


def rebuilds(reason: str) -> float:
    return float(INDEX_REBUILDS.labels(reason)._value.get())
