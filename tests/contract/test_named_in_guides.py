"""What the guides and the documents show of our tools is there: commands of `legis`, names of the API."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from api_gateway.site.texts.guides import NAMES, source_of
from legis.languages import Language
from legis_cli.command_app import app

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "services/api-gateway/src/api_gateway/site/guides"
PAGES = sorted([*GUIDES.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "clients").glob("*/*.md")])
BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^legis (\S.*)$", re.MULTILINE)
INSTALL = re.compile(r"pip install ([^`\n]+)")
NAME = re.compile(r"`([a-z][a-z_.]*)`")
"""A field or a parameter in a guide: `page.next`. Values of ours are written in capitals."""

LINES = sorted({line for page in PAGES for block in BLOCK.findall(page.read_text()) for line in COMMAND.findall(block)})


def parse(line: str) -> None:
    """Reads the arguments as `legis` does, and runs nothing. Raises what the command line raises."""
    command: Any = typer.main.get_command(app)
    for one in command.commands.values():
        one.callback = None
    command(shlex.split(line), prog_name="legis", standalone_mode=False)


@pytest.mark.parametrize("line", LINES)
def test_a_command_that_is_shown_can_be_given(line: str) -> None:
    parse(line)


def test_a_command_that_is_none_is_noticed() -> None:
    assert len(LINES) > 10
    for wrong in ("export bills -o bills.csv", "bills --no-such-option", "unheard-of"):
        with pytest.raises(Exception, match=r"(?i)unexpected|no such"):
            parse(wrong)


def test_our_packages_are_installed_by_file() -> None:
    """They are on no index: by name pip would find nothing, or what a stranger put there."""
    installed = {
        word for page in PAGES for line in INSTALL.findall(page.read_text()) for word in line.split() if "legis" in word
    }
    assert installed
    assert not [word for word in installed if not re.search(r"/legis_\w+-[\d.]+-py3-none-any\.whl", word)]


def test_a_name_of_the_api_in_a_guide_is_in_its_description() -> None:
    known = json.loads((ROOT / "tests/contract/golden/openapi.json").read_text())
    names = _names(known) | {"null"}
    told = {
        (guide, name)
        for guide in NAMES
        for language in Language
        for whole in NAME.findall(BLOCK.sub("", source_of(guide, language)))
        for name in whole.split(".")
    }
    assert len(told) > 10
    assert not [f"{guide}: {name}" for guide, name in sorted(told) if name not in names]


def _names(part: Any) -> set[str]:
    """Names of properties and parameters anywhere in the document."""
    if isinstance(part, list):
        return {name for one in part for name in _names(one)}
    if not isinstance(part, dict):
        return set()
    own = set(part.get("properties", ())) | ({part["name"]} if "in" in part and "name" in part else set())
    return own.union(*(_names(one) for one in part.values()))
