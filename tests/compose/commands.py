"""The operators' commands of `deploy/compose/commands.toml`, and the table that the documentation shows of them.

`python tests/compose/commands.py` writes that table again; a test compares.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "deploy" / "compose" / "commands.toml"
PAGE = ROOT / "docs" / "deployment" / "compose.md"
BEGIN, END = "<!-- commands: made by tests/compose/commands.py -->", "<!-- end of commands -->"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of an operator; `commands.toml` says what each field means. `follows` is in seconds."""

    section: str
    command: str
    prints: tuple[str, ...]
    was: str = ""
    why: str = ""
    follows: float = 0.0
    only: str = ""

    @property
    def name(self) -> str:
        """Its first words, for a line of a report."""
        words = " ".join(self.command.split())
        return words if len(words) <= 70 else f"{words[:67]}…"


def load(path: Path = TABLE) -> list[Command]:
    """All of them, in the order of the runbook."""
    found = tomllib.loads(path.read_text())["command"]
    return [Command(**{**one, "command": one["command"].strip("\n"), "prints": tuple(one["prints"])}) for one in found]


def render(commands: list[Command]) -> str:
    """The commands by section as blocks of shell, then what was corrected as a table."""
    parts = []
    for section in dict.fromkeys(one.section for one in commands):
        blocks = [one.command for one in commands if one.section == section]
        parts.append(f"### {section}\n\n```sh\n" + "\n\n".join(blocks) + "\n```\n")
    rows = [f"| `{_cell(one.was)}` | {_cell(one.why)} |" for one in commands if one.was]
    head = "| as it was | why it is different now |\n|---|---|\n"
    first = "| `docker-compose` | Compose is a part of `docker` now: `docker compose` |"
    return "\n".join(parts) + "\n### Corrected\n\n" + head + "\n".join([first, *dict.fromkeys(rows)]) + "\n"


def with_table(page: str, table: str) -> str:
    """The page with the table between its two marks. Raises ValueError where they are missing."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"{PAGE.name} lacks the marks of the table")
    return re.sub(
        f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: f"{BEGIN}\n\n{table}\n{END}", page, flags=re.DOTALL
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(), render(load())))
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} shows {len(load())} commands\n")
