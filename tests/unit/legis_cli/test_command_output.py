"""What the command line writes, and its exit codes for errors of the API."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from legis_cli.api_connection import api_key
from legis_cli.command_options import words
from legis_cli.exit_codes import ExitCode, exit_code, message
from legis_cli.item_columns import text_of, value_at
from legis_cli.item_output import OutputFormat, safe_text, show_items
from legis_client import ConnectionFailed, Gone, InvalidRequest, LegisError, NotFound, RateLimited, Unavailable


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConnectionFailed("x"), ExitCode.UNAVAILABLE),
        (Unavailable(503, {}), ExitCode.UNAVAILABLE),
        (RateLimited(429, {}, 3), ExitCode.LATER),
        (NotFound(404, {}), ExitCode.NOT_FOUND),
        (InvalidRequest(400, {}), ExitCode.USAGE),
        (Gone(410, {}), ExitCode.ERROR),
    ],
)
def test_exit_codes(error: LegisError, code: ExitCode) -> None:
    assert exit_code(error) == code


def test_a_message_names_parameters_and_the_wait() -> None:
    told = message(RateLimited(429, {"detail": "too many", "errors": [{"parameter": "q", "detail": "is long"}]}, 3))
    assert told.splitlines() == ["429 too many", "  q: is long", "  try again in 3 s"]


def test_values_and_texts() -> None:
    item = {"a": {"b": 1}, "list": [{"c": "x"}, {"c": None}, {"c": "y"}], "no": None, "yes": True}
    assert value_at(item, "a.b") == 1
    assert value_at(item, "no.more") is None
    assert text_of(value_at(item, "list.c")) == "x | y"
    assert [text_of(None), text_of(True), text_of(3)] == ["", "true", "3"]
    assert safe_text("a\x1b[31m\x9bb\n") == "a[31mb\n"


def test_csv_is_harmless_in_a_spreadsheet(capsys: pytest.CaptureFixture[str]) -> None:
    show_items([{"a": "=1+1", "b": -1}], {"a": "a", "b": "b"}, OutputFormat.CSV)
    assert capsys.readouterr().out.splitlines() == ["a,b", "'=1+1,-1"]


def test_the_key_is_taken_from_the_environment_or_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("legis_a_b\n")
    file.chmod(0o600)
    assert api_key({"LEGIS_API_KEY": " legis_c_d "}) == "legis_c_d"
    assert api_key({"LEGIS_API_KEY_FILE": str(file)}) == "legis_a_b"
    file.chmod(0o640)
    with pytest.raises(typer.Exit) as refused:
        api_key({"LEGIS_API_KEY_FILE": str(file)})
    assert refused.value.exit_code == ExitCode.KEY


def test_completion_has_the_words_of_the_vocabulary() -> None:
    assert words("Chamber")("s") == ["SENADO"]
    assert "ENACTED" in words("BillStatus")("")


def test_a_closed_pipe_is_no_error() -> None:
    code = """
from legis_cli.item_output import OutputFormat, show_items
show_items(({"a": "x" * 1000} for _ in range(10_000)), {"a": "a"}, OutputFormat.NDJSON)
"""
    wrapped = (
        f"import typer\ntry:\n    exec({code!r})\nexcept typer.Exit as ended:\n    raise SystemExit(ended.exit_code)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", wrapped], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert (process.wait(30), complaint) == (0, b"")
