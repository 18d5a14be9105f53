"""docs/telemetry.md is what the code declares, and the spans it names are the ones that are made."""

import re
from pathlib import Path

from legis.telemetry.telemetry_reference import SPANS, page

ROOT = Path(__file__).parents[2]


def test_the_page_is_current() -> None:
    # to change it: make golden
    assert (ROOT / "docs/telemetry.md").read_text() == page()


def test_every_span_that_is_named_in_code_is_on_the_page() -> None:
    made = set()
    for folder in ("shared/src/legis", "services"):
        for module in (ROOT / folder).rglob("*.py"):
            made |= set(re.findall(r'start_(?:as_current_)?span\(\s*"([^"]+)"', module.read_text()))
    assert made
    assert made <= {name for name, *_ in SPANS}
