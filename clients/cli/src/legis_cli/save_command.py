"""The command `save`: a whole list as a file, with progress on stderr."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from legis_cli import command_options as options
from legis_cli.api_connection import open_client

if TYPE_CHECKING:
    import httpx2

LISTS = ("bills", "vote-events", "legislators", "organizations", "events", "changes")


class FileFormat(StrEnum):
    """Formats of files."""

    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"


def save(
    context: typer.Context,
    list_path: Annotated[
        str,
        typer.Argument(
            metavar="LIST",
            help=f"{', '.join(LISTS)}, or a list of one thing: bills/camara-2256735/votes",
            autocompletion=lambda incomplete: [name for name in LISTS if name.startswith(incomplete)],
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write; its ending tells the format.")],
    filters: options.Filters = None,
    format_: Annotated[FileFormat | None, typer.Option("--format", help="Default: the ending of the file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> None:
    """Save a list as CSV, NDJSON or XLSX: `legis save bills -f type=PL -o bills.csv`."""
    wanted = format_ or _by_ending(output)
    if output.exists() and not force:
        raise typer.BadParameter(f"{output} exists; --force replaces it", param_hint="--output")
    asked = options.filters_of(filters) | {"format": wanted.value}
    with open_client(context) as legis, legis.file(list_path, **asked) as reply:
        _save(reply, output)
    _tell_limit(reply)


def _by_ending(output: Path) -> FileFormat:
    try:
        return FileFormat(output.suffix.lstrip("."))
    except ValueError:
        raise typer.BadParameter(f"{output} ends in no known format; give --format", param_hint="--output") from None


def _save(reply: "httpx2.Response", output: Path) -> None:
    """Writes beside the file and renames at the end: a transfer that is cut leaves no file."""
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn())
    part = output.with_name(output.name + ".part")
    try:
        with Progress(*columns, console=Console(stderr=True)) as progress, part.open("wb") as file:
            task = progress.add_task(output.name, total=None)
            for piece in reply.iter_bytes():
                file.write(piece)
                progress.advance(task, len(piece))
        os.replace(part, output)
    finally:
        part.unlink(missing_ok=True)


def _tell_limit(reply: "httpx2.Response") -> None:
    limit, total = reply.headers.get("Legis-Row-Limit"), reply.headers.get("Legis-Total-Rows")
    if total is not None and limit is not None and int(total) > int(limit):
        typer.echo(f"legis: the file has the first {limit} of {total} rows", err=True)
    elif total is None and limit is not None:
        typer.echo(f"legis: a file with {limit} rows is cut there", err=True)
