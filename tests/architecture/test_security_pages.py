"""The security pages: every risk of the Top 10 has code and a test, every role its line; security.txt is valid."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from api_gateway.migrations.database_roles import ROLES


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "security.md").read_text()


def test_each_of_the_ten_risks_has_code_and_a_test_that_exist(page: str, root: Path) -> None:
    rows = [line.strip("| \n").split(" | ") for line in page.splitlines() if re.match(r"\| API\d", line)]
    assert [row[0].split()[0] for row in rows] == [f"API{number}" for number in range(1, 11)]
    for risk, _, code, tests in rows:
        named = {"code": re.findall(r"`([^`]+)`", code), "tests": re.findall(r"`([^`]+)`", tests)}
        assert all(named.values()), risk
        assert not [path for paths in named.values() for path in paths if not (root / path).exists()], risk
        assert all(path.startswith("tests/") for path in named["tests"]), risk


def test_each_role_has_its_line(page: str) -> None:
    assert set(re.findall(r"^\| `(legis_\w+)` \|", page, re.MULTILINE)) == {role.name for role in ROLES.values()}


def test_security_txt_is_valid_and_current(root: Path) -> None:
    """RFC 9116: Contact and one Expires, less than a year ahead. When this fails, move Expires on."""
    text = (root / "services/api-gateway/src/api_gateway/web/static/security.txt").read_text("ascii")
    fields = [line.split(": ", 1) for line in text.splitlines()]
    assert all(len(one) == 2 for one in fields)
    names = [name for name, _ in fields]
    assert "Contact" in names
    assert names.count("Expires") == 1
    expires = datetime.fromisoformat(dict(fields)["Expires"])
    assert datetime.now(UTC) < expires < datetime.now(UTC) + timedelta(days=366)
    assert all(value.startswith("https://") for name, value in fields if name in ("Contact", "Policy"))
