"""Reads the official code lists that stand beside this module, one code a line."""

import csv
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of `name`, a CSV file with semicolons and a header, in their order."""
    text = files("ingest_camara.vocabulary").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))
