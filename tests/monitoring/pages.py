"""The alerts' pages as data: their sections, and the commands in them by form."""

import re
from dataclasses import dataclass
from functools import cache

from monitoring.files import PAGES

HEADINGS = ("What it means", "See it", "Stop the harm", "Fix it", "Know it is over")
FORMS = ("compose", "local", "k8s")
WATCHERS = {"TargetMissing", "NotificationsFailing", "RuleEvaluationFailing", "Watchdog"}
"""Alerts about what `make run` does not have."""

_BLOCK = re.compile(r"^```sh (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `sections` maps headings to their text, in order."""

    title: str
    head: str
    sections: dict[str, str]

    def commands(self, heading: str) -> list[tuple[str, str]]:
        """Form and text of each block of commands in a section."""
        return [(form, text.strip()) for form, text in _BLOCK.findall(self.sections[heading])]

    def command(self, heading: str, form: str) -> str | None:
        """The block of that form in a section; None where there is none."""
        return dict(self.commands(heading)).get(form)


@cache
def pages() -> dict[str, Page]:
    """Every alert's page by its file's name."""
    return {path.stem: _page(path.read_text()) for path in sorted(PAGES.glob("*.md")) if path.stem != "README"}


def _page(text: str) -> Page:
    top, *parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    title, head = [line for line in top.splitlines() if line][:2]
    return Page(
        title.removeprefix("# "), head, {name: body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}
    )
