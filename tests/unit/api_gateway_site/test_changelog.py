"""The changelog is cut into parts and pages; every entry is on one of them."""

import pytest
from api_gateway.site.api_client import Api
from api_gateway.site.error_pages import NoPage
from api_gateway.site.pages.changelog_page import show_changelog
from api_gateway.site.rendering import html_of
from api_gateway.site.texts.changelog import MOST_TEXT, parts_of, shipped_parts
from api_gateway.site.texts.markdown_text import shipped
from api_gateway.site.visit import Visit

NO_API: Api = None  # type: ignore[assignment]
"""The page asks nothing of it."""

TEXT = """# Changelog

Newest first.

## 1.1.0 — 2027-01-02

A word before.

### Added
- One
  that goes on.
- Two

### Fixed
- Three

### Added
- Four

## 1.0.0

- Five
"""


def test_a_part_is_of_one_release_and_one_kind() -> None:
    parts = parts_of(TEXT)
    assert [(one.name, one.release, one.kind, one.entries) for one in parts] == [
        ("1.1.0", "1.1.0 — 2027-01-02", "", 1),
        ("1.1.0-added", "1.1.0 — 2027-01-02", "Added", 3),
        ("1.1.0-fixed", "1.1.0 — 2027-01-02", "Fixed", 1),
        ("1.0.0", "1.0.0", "", 1),
    ]
    assert parts[1].pages == (("- One\n  that goes on.", "- Two", "- Four"),)


def test_a_long_part_goes_on_between_two_entries() -> None:
    entry = "- " + "x" * (MOST_TEXT // 3)
    (part,) = parts_of("## 1\n### Added\n" + "\n".join([entry] * 5))
    assert [len(page) for page in part.pages] == [2, 2, 1]


def test_every_line_of_the_shipped_changelog_is_in_a_part() -> None:
    written = {
        line.rstrip()
        for line in shipped("CHANGELOG.md").read_text("utf-8").partition("\n## ")[2].splitlines()[1:]
        if line.strip() and not line.startswith("#")
    }
    told = [
        line for one in shipped_parts().values() for page in one.pages for entry in page for line in entry.split("\n")
    ]
    assert {line.rstrip() for line in told if line.strip()} == written
    assert all(sum(map(len, page)) <= MOST_TEXT for one in shipped_parts().values() for page in one.pages)


async def test_the_first_page_is_the_newest_part_and_leads_to_all(visit: Visit) -> None:
    names = list(shipped_parts())
    html = html_of(visit, await show_changelog(visit, NO_API), frozenset())
    for name in names:
        assert f'href="/developers/changelog/{name}"' in html
    assert html.count('aria-current="page"') == 1
    assert shipped_parts()[names[0]].release in html


@pytest.mark.parametrize(
    ("params", "query"), [({"part": "0-nothing"}, ()), ({}, (("page", "99"),)), ({}, (("page", "²"),))]
)
async def test_what_is_not_there_is_no_page(
    visit: Visit, params: dict[str, str], query: tuple[tuple[str, str], ...]
) -> None:
    asked = Visit(visit.language, visit.path, visit.now, visit.origins, query, params)
    with pytest.raises(NoPage):
        await show_changelog(asked, NO_API)
