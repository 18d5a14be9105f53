"""No secret is in the repository: keys of known forms, private keys, addresses with passwords."""

import re
from pathlib import Path

import pytest
from api_gateway.access.key_text import new_key

FORMS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a key of ours": r"legis_[0-9a-f]{12}_[0-9a-f]{72}",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})",
    "a Slack token": r"\bxox[abprs]-[0-9A-Za-z-]{20,}|hooks\.slack\.com/services/T\w+/B\w+/\w+",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a JSON web token": r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}",
    "an address with a password": r"\b[a-z][a-z+]+://[\w.-]*:(?![^@\s]*[$%{}<*…])[^@\s/'\"`]{16,}@",
}
OTHERS = {"static"}
"""Folders with other people's files, shipped as they are."""


def found_in(text: str) -> list[str]:
    return [f"{what}: {match.group()[:12]}…" for what, form in FORMS.items() for match in re.finditer(form, text)]


def test_no_secret_is_in_any_file(files: list[Path], root: Path) -> None:
    found = []
    for path in files:
        if OTHERS & set(path.relative_to(root).parts):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(root)}: {one}" for one in found_in(text)]
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        new_key().reveal(), "-----BEGIN " + "RSA PRIVATE KEY-----", "AKIA" + "ABCDEFGHIJKLMNOP", "ghp_" + "a1B2" * 9,
        "hooks.slack.com/services/" + "T0/B0/abc", "AIza" + "x" * 35,
        "eyJ" + "a" * 20 + ".eyJ" + "b" * 20 + "." + "c" * 30,
        "postgresql://legis:" + "0123456789abcdef@db/x",
    ],
)  # fmt: skip
def test_each_form_is_noticed(text: str) -> None:
    assert len(found_in(f"key = '{text}'")) == 1


def test_what_only_looks_like_one_is_left_alone() -> None:
    assert not found_in("postgresql://legis:$password@db/x postgresql://u:p@h/x redis://user:password@host:6379/0")
