"""The documentation shows the commands that are tried on a real deployment, and those only."""

import re

from compose.commands import PAGE, load, render, with_table


def test_the_page_shows_the_table() -> None:
    assert PAGE.read_text() == with_table(PAGE.read_text(), render(load())), "run `python tests/compose/commands.py`"


def test_every_command_says_what_it_prints() -> None:
    commands = load()
    assert len(commands) > 30
    assert [one.command for one in commands if not one.prints] == [
        "docker compose logs > incident_logs_$(date +%Y%m%d_%H%M%S).txt"
    ]
    for one in commands:
        assert bool(one.was) is bool(one.why), one.name
        assert all(re.compile(pattern) for pattern in one.prints)
        assert "docker-compose" not in one.command
