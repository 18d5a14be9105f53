"""Reads the official code lists, CSV files in this package with one code per line."""

import csv
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of `name`, a CSV file with semicolons and a header, in the order of the file."""
    text = files("ingest_camara.vocabulary").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))
