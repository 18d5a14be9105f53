"""The two lists of pages: every page of `docs/` is in its index, every decision in the list of decisions."""

import re
from pathlib import Path

import pytest

LINK = re.compile(r"\]\(([^)#]+)\)")
DECISION = re.compile(r"^\| (\d+) \| \[(.+)\]\((\d{4}-[\w-]+\.md)\) \|", re.MULTILINE)
GONE = re.compile(r"^\| (\d+) \| [^\[|]+ \| replaced by (\d+) \|$", re.MULTILINE)


@pytest.fixture
def decisions(root: Path) -> Path:
    return root / "docs/adr"


def test_every_page_is_in_the_index(root: Path) -> None:
    """Decisions and pages of alerts have lists of their own."""
    docs = root / "docs"
    linked = {(docs / target).resolve() for target in LINK.findall((docs / "README.md").read_text())}
    pages = {path for path in docs.rglob("*.md") if path.parent.name not in ("adr", "alerts")}
    pages |= {docs / "adr/README.md", docs / "runbooks/alerts/README.md"}
    assert pages - linked == {docs / "README.md"}


def test_the_index_is_linked_from_the_first_page(root: Path) -> None:
    further = (root / "README.md").read_text().partition("## Further")[2]
    assert {"docs/README.md", "docs/adr/README.md"} <= set(LINK.findall(further))


def test_every_decision_is_in_the_list_under_its_title(decisions: Path) -> None:
    listed = [(int(number), title, name) for number, title, name in DECISION.findall(_list(decisions))]
    titles = {path.name: path.read_text().splitlines()[0] for path in decisions.glob("0*.md")}
    assert listed == [(int(name[:4]), titles[name].partition(". ")[2], name) for name in sorted(titles)]
    assert all(line == f"# {int(name[:4])}. {line.partition('. ')[2]}" for name, line in titles.items())


def test_a_number_without_a_page_says_what_replaced_it(decisions: Path) -> None:
    there = {int(path.name[:4]) for path in decisions.glob("0*.md")}
    gone = {int(number): int(by) for number, by in GONE.findall(_list(decisions))}
    assert set(gone) == set(range(1, max(there))) - there
    for number, by in gone.items():
        (page,) = decisions.glob(f"{by:04}-*.md")
        assert re.search(rf"Replaces ADRs? [\d, and]*\b{number}\b", page.read_text())


def test_a_decision_that_is_superseded_says_so_in_the_list(decisions: Path) -> None:
    superseded = {
        int(path.name[:4]): int(by)
        for path in decisions.glob("0*.md")
        for by in re.findall(r"^Superseded by \[ADR (\d+)\]", path.read_text(), re.MULTILINE)
    }
    listed = re.findall(r"^\| (\d+) \| \[.* superseded by (\d+) \|$", _list(decisions), re.MULTILINE)
    assert superseded == {int(number): int(by) for number, by in listed} != {}


def _list(decisions: Path) -> str:
    return (decisions / "README.md").read_text()
