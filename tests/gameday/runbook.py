"""Reads commands out of a page: fenced blocks whose first line says for which target they are."""

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"^(?P<indent> *)```sh (?P<words>[a-z0-9 ]+)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """Commands of one block, the heading of the section it stands in, and the words after `sh`."""

    section: str
    words: tuple[str, ...]
    commands: str


def blocks(page: Path) -> list[Block]:
    """Every block of the page that names a target, in order."""
    text = page.read_text()
    headings = [(found.start(), found.group(1)) for found in HEADING.finditer(text)]
    made = []
    for found in BLOCK.finditer(text):
        section = next((title for at, title in reversed(headings) if at < found.start()), "")
        indent = found["indent"]
        lines = [line.removeprefix(indent) for line in found["body"].splitlines()]
        made.append(Block(section, tuple(found["words"].split()), "\n".join(lines)))
    return made
