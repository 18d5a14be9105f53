"""Each alert has its page and each page its alert; a page answers five questions, with commands that can be typed."""

import re
import subprocess

import pytest
from monitoring.files import PAGES, alerts
from monitoring.pages import FORMS, HEADINGS, WATCHERS, pages

ALL = {alert.name: alert for alert in alerts()}


def test_each_alert_has_its_page_and_each_page_its_alert() -> None:
    assert set(pages()) == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_a_page_answers_the_five_questions(name: str) -> None:
    page = pages()[name]
    assert page.title == name
    assert tuple(page.sections) == HEADINGS
    assert all(page.sections.values())
    assert page.sections["Fix it"].startswith("- ")


@pytest.mark.parametrize("name", ALL)
def test_a_page_says_how_bad_it_is_as_the_rule_does(name: str) -> None:
    labels = ALL[name].labels
    told = pages()[name].head
    assert told.startswith(f"`{labels['severity']}` · {labels['priority']}")
    assert ("scenario" in told) == ("scenario" in labels)
    assert labels.get("scenario", "").replace("-", " ") in told.lower()


@pytest.mark.parametrize("heading", ["See it", "Stop the harm"])
@pytest.mark.parametrize("name", ALL)
def test_there_is_one_command_to_see_it_and_one_to_stop_the_harm(name: str, heading: str) -> None:
    page = pages()[name]
    forms = [form for form, _ in page.commands(heading)]
    assert len(forms) == len(set(forms))
    assert set(forms) <= set(FORMS)
    assert {"compose"} <= set(forms)
    assert "local" in forms or name in WATCHERS
    for _, command in page.commands(heading):
        assert len([line for line in command.splitlines() if line and not line.endswith("\\")]) == 1


@pytest.mark.parametrize("name", ALL)
def test_commands_are_shell(name: str) -> None:
    for heading in HEADINGS:
        for _, command in pages()[name].commands(heading):
            done = subprocess.run(["bash", "-n"], input=command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{command}\n{done.stderr}"


@pytest.mark.parametrize("name", ALL)
def test_a_page_names_other_alerts_that_exist(name: str) -> None:
    text = "\n".join(pages()[name].sections.values())
    named = set(re.findall(r"(?<![`\w/])[A-Z][a-z]+(?:[A-Z][a-z]+)+(?![\w`])", text))
    assert named - {"PostgreSQL"} <= set(ALL) | {"PrometheusRule", "ServiceMonitor", "CronJob"}


def test_the_list_of_alerts_is_the_rules() -> None:
    listed = re.findall(
        r"^\| \[(\w+)\]\((\w+)\.md\) \| (\w+) \| (P\d) \|", (PAGES / "README.md").read_text(), re.MULTILINE
    )
    assert listed == [(one.name, one.name, one.labels["severity"], one.labels["priority"]) for one in ALL.values()]
