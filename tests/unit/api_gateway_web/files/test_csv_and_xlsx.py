"""Cells of files: nothing is executed, nothing is lost."""

import csv
import io
from pathlib import Path

import pytest
from api_gateway.documents.csv_text import csv_head, csv_lines, harmless
from api_gateway.web.files.columns import cells, listed, plain
from api_gateway.web.files.file_format import file_format
from api_gateway.web.files.xlsx_file import XlsxFile


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"])
def test_a_text_that_is_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["PL 1/2020", "a=b", " =1", "", "'=1"])
def test_other_texts_stay(text: str) -> None:
    assert harmless(text) == text


def test_csv_is_read_as_it_was_written() -> None:
    rows = [['a "b", c', None, 3, -1, True, 1.5], ["linha\r\nnova", "ç", 0, 1, False, -2.5]]
    read = list(csv.reader(io.StringIO(csv_lines(rows, "rfc4180"), newline="")))
    assert read == [['a "b", c', "", "3", "-1", "true", "1.5"], ["linha\r\nnova", "ç", "0", "1", "false", "-2.5"]]


def test_the_portuguese_dialect() -> None:
    assert csv_head(["a", "b"], "excel-pt") == "\ufeffa;b\r\n"
    assert csv_lines([[1.5, "x;y"]], "excel-pt") == '1,5;"x;y"\r\n'


def test_cells_take_what_is_there() -> None:
    columns = [plain("id"), plain("body", "organization", "acronym"), listed("authors", "authors"),
               listed("names", "sponsors", "name")]  # fmt: skip
    item = {"id": "a", "organization": {"acronym": "CFT"}, "authors": ["x", "y"], "sponsors": [{"name": "n"}, {}]}
    assert cells(columns, item) == ["a", "CFT", "x | y", "n"]
    assert cells(columns, {"organization": None}) == [None, None, None, None]


def test_a_workbook_takes_control_characters_and_long_texts(tmp_path: Path) -> None:
    book = XlsxFile(tmp_path / "a.xlsx", ["a"])
    book.add([["\x01b" * 40_000], [10**20], [None], [False]])
    book.close()
    assert (tmp_path / "a.xlsx").stat().st_size > 0


@pytest.mark.parametrize(
    ("query", "accept", "wanted"),
    [
        (b"", None, None),
        (b"q=format", None, None),
        (b"q=a&format=csv", b"application/json", "csv"),
        (b"format=json", b"text/csv", None),
        (b"format=pdf", b"text/csv", None),
        (b"", b"application/x-ndjson", "ndjson"),
        (b"", b"text/html, */*;q=0.1", None),
    ],
)
def test_format(query: bytes, accept: bytes | None, wanted: str | None) -> None:
    assert file_format(query, accept) == wanted
