import importlib
import pkgutil
from pathlib import Path

import api_gateway
import ingest_camara
import ingest_senado
import legis
import legis_launcher
from legis.settings import ServiceSettings
from legis_launcher.console.env_example import SECTIONS, render


def test_env_example_is_what_the_settings_say(root: Path) -> None:
    assert (root / ".env.example").read_text() == render(), "run `make golden` and read the difference"


def test_no_settings_class_is_forgotten() -> None:
    for package in (legis, ingest_camara, ingest_senado, api_gateway, legis_launcher):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.rpartition(".")[2] == "settings":
                importlib.import_module(found.name)
    listed = {settings for _, settings in SECTIONS}
    assert _descendants(ServiceSettings) <= listed


def test_every_setting_says_what_it_means() -> None:
    fields = {name: field for _, settings in SECTIONS for name, field in settings.model_fields.items()}
    assert not [name for name, field in fields.items() if not field.description]


def _descendants(settings: type[ServiceSettings]) -> set[type[ServiceSettings]]:
    below = settings.__subclasses__()
    return set(below).union(*(_descendants(one) for one in below))
