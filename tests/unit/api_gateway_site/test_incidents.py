from pathlib import Path

import pytest
from api_gateway.site.texts.incidents import FOLDER, IncidentMalformed, incidents, parse_incident
from legis.languages import Language
from unit.api_gateway_site.incident_file import INCIDENT

ROOT = Path(__file__).parents[3]
NAME = "2026-11-30-camara-recusa.md"


def test_an_incident_is_told_in_both_languages() -> None:
    found = parse_incident(NAME, INCIDENT)
    assert found.titles == {
        Language.PORTUGUESE: "Câmara recusa leituras", Language.ENGLISH: "The Câmara refuses readings"
    }  # fmt: skip
    assert found.texts[Language.PORTUGUESE].html == "<p>O servidor respondeu <strong>403</strong> a tudo.</p>\n"
    assert "answered" in found.texts[Language.ENGLISH].html
    assert found.seconds == 2 * 3600 + 32 * 60
    assert found.affects == ("camara",)
    assert parse_incident(NAME, INCIDENT.replace("ended_at: 2026-11-30T16:40:00-03:00\n", "")).seconds is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Câmara recusa leituras\n", ""),
        ("affects: camara\n", ""),
        ("<!-- en -->", ""),
        ("14:08:00-03:00", "14:08:00"),
        ("16:40:00-03:00", "10:40:00-03:00"),
        ("2026-11-30T14", "yesterday"),
    ],
)
def test_a_file_that_is_written_wrongly_is_refused(old: str, new: str) -> None:
    with pytest.raises(IncidentMalformed):
        parse_incident(NAME, INCIDENT.replace(old, new))


def test_its_name_is_a_day_and_words() -> None:
    with pytest.raises(IncidentMalformed):
        parse_incident("camara.md", INCIDENT)


def test_every_file_in_the_folder_can_be_read() -> None:
    files = [file for file in (ROOT / FOLDER).iterdir() if file.name != "README.md"]
    assert sorted(one.name for one in incidents()) == sorted(file.stem for file in files)


def test_the_example_of_the_readme_is_right() -> None:
    text = (ROOT / FOLDER / "README.md").read_text("utf-8")
    parse_incident(NAME, text.partition("```text\n")[2].partition("```")[0])
