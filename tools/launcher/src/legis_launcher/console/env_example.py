"""Generates `.env.example`: every setting of every process with its default and its description."""

import textwrap
from pathlib import Path

from api_gateway.settings import (
    EdgeSettings,
    ExporterSettings,
    ExportSettings,
    IndexerSettings,
    IndexSettings,
    MigrationSettings,
    NotifierSettings,
    SiteSettings,
    StoreSettings,
    SubscriptionSettings,
    WebSettings,
    WorkerSettings,
)
from ingest_camara.settings import CamaraSettings
from ingest_senado.settings import SenadoSettings
from legis.ingest.settings import IngestSettings
from legis.settings import ServiceSettings

from legis_launcher.settings import LauncherSettings

HEAD = """\
# Every setting of Legis. Copy this file to `.env` and uncomment what you change: `make run` and compose read it there.
# A value shown here is the default. Real environment variables win over `.env`. A malformed value stops the process
# with one line that names the setting.
# Made from the settings classes by `make golden`; a test holds it against them."""

SECTIONS: tuple[tuple[str, type[ServiceSettings]], ...] = (
    ("make run", LauncherSettings),
    ("every process", ServiceSettings),
    ("web, worker, indexer, notifier, exporter and migrate", StoreSettings),
    ("web and indexer", IndexSettings),
    ("web and notifier", SubscriptionSettings),
    ("web and exporter", ExportSettings),
    ("web and site", EdgeSettings),
    ("web", WebSettings),
    ("site", SiteSettings),
    ("worker", WorkerSettings),
    ("indexer", IndexerSettings),
    ("notifier", NotifierSettings),
    ("exporter", ExporterSettings),
    ("migrate", MigrationSettings),
    ("both ingest services", IngestSettings),
    ("ingest-camara", CamaraSettings),
    ("ingest-senado", SenadoSettings),
)


def render() -> str:
    """The text of the file. Raises ValueError when two classes give one setting different defaults."""
    shown: dict[str, str] = {}
    # Base classes first, so that a shared setting is listed in its own section; printed in the order of SECTIONS.
    by_depth = sorted(SECTIONS, key=lambda section: len(section[1].__mro__))
    lines = {title: _lines(settings, shown) for title, settings in by_depth}
    parts = ["\n".join([f"## {title}", *lines[title]]) for title, _ in SECTIONS if lines[title]]
    return "\n\n".join([HEAD, *parts]) + "\n"


def _lines(settings: type[ServiceSettings], shown: dict[str, str]) -> list[str]:
    """The settings of a class that are not in `shown` yet; adds them to `shown`."""
    lines: list[str] = []
    for field_name, field in settings.model_fields.items():
        name = (field.alias or field_name).upper()
        default = _written(field.default)
        if name not in shown:
            lines += textwrap.wrap(field.description or "", 116, initial_indent="# ", subsequent_indent="# ")
            lines.append(f"#{name}={default}")
        elif shown[name] != default:
            raise ValueError(f"{name} has two defaults: {shown[name]!r} and {default!r}")
        shown[name] = default
    return lines


def _written(value: object) -> str:
    """A default as written in an environment variable."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def main(path: Path = Path(".env.example")) -> None:
    path.write_text(render())


if __name__ == "__main__":
    main()
