"""The command `export`: files of an export of all data, checked and resumed, with progress on stderr."""

import hashlib
import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from legis_cli.api_connection import open_client

if TYPE_CHECKING:
    from legis_client import Legis
    from legis_client.api_types import ExportFile, ExportManifest
    from rich.progress import Progress, TaskID

RESOURCES = ("bills", "actions", "vote_events", "votes", "legislators", "organizations", "events")
ATTEMPTS = 5
"""Connections for one file; each goes on where the one before was cut."""

_EXIT_DAMAGED = 1
_EXIT_NOTHING = 5


class ExportFormat(StrEnum):
    """Formats of an export's files."""

    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


def export(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--to", help="Folder for the files; made if it is missing.")] = Path("."),
    resource: Annotated[
        list[str] | None,
        typer.Option(
            "--resource",
            help=f"{', '.join(RESOURCES)}; may be repeated. Default: all.",
            autocompletion=lambda incomplete: [name for name in RESOURCES if name.startswith(incomplete)],
        ),
    ] = None,
    format_: Annotated[
        list[ExportFormat] | None, typer.Option("--format", help="May be repeated. Default: all.")
    ] = None,
    export_id: Annotated[str, typer.Option("--id", help="Id of an export.")] = "latest",
    delta: Annotated[bool, typer.Option("--delta", help="The difference to the export before instead.")] = False,
) -> None:
    """Take away the newest export of all data: `legis export --resource bills --format parquet --to exports`."""
    if unknown := sorted(set(resource or ()) - set(RESOURCES)):
        raise typer.BadParameter(f"{unknown[0]} is none of {', '.join(RESOURCES)}", param_hint="--resource")
    with open_client(context) as legis:
        manifest = legis.export(export_id)
        files = _chosen(manifest, resource or (), format_ or (), delta)
        if not files:
            typer.echo(f"legis: the export {manifest['id']} has no such files", err=True)
            raise typer.Exit(_EXIT_NOTHING)
        to.mkdir(parents=True, exist_ok=True)
        for path in _fetch(legis, manifest["id"], files, to):
            typer.echo(path)


def _chosen(
    manifest: "ExportManifest", resources: Sequence[str], formats: Sequence[ExportFormat], delta: bool
) -> "list[ExportFile]":
    """The files of these resources and formats; of all of them where none is named."""
    difference = manifest["delta"]
    offered = (difference["files"] if difference else []) if delta else manifest["files"]
    return [
        file
        for file in offered
        if (not resources or file["resource"] in resources)
        and (not formats or file["format"].partition(".")[0] in formats)
    ]


def _fetch(legis: "Legis", export_id: str, files: "Sequence[ExportFile]", folder: Path) -> list[Path]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        return [_fetch_one(legis, export_id, file, folder / file["name"], progress) for file in files]


def _fetch_one(legis: "Legis", export_id: str, file: "ExportFile", path: Path, progress: "Progress") -> Path:
    """The file, whole and right. What an earlier run left is resumed. Ends the command for one that stays wrong."""
    task = progress.add_task(file["name"], total=file["bytes"])
    if _is_right(path, file):
        progress.update(task, completed=file["bytes"])
        return path
    part = path.with_name(path.name + ".part")
    for left in range(ATTEMPTS - 1, -1, -1):
        _go_on(legis, export_id, file, part, progress, task, last=not left)
        if _is_right(part, file):
            os.replace(part, path)
            return path
        if part.exists() and part.stat().st_size >= file["bytes"]:
            part.unlink()  # whole and wrong: begun again
    typer.echo(f"legis: {path} is not what the manifest says", err=True)
    raise typer.Exit(_EXIT_DAMAGED)


def _go_on(
    legis: "Legis", export_id: str, file: "ExportFile", part: Path, progress: "Progress", task: "TaskID", *, last: bool
) -> None:
    """Adds to the part what one connection gives. Raises ConnectionFailed where the last one is cut."""
    from legis_client import ConnectionFailed

    have = part.stat().st_size if part.exists() else 0
    try:
        with legis.export_file(export_id, file["name"], start=have, etag=f'"{file["sha256"]}"') as reply:
            resumed = reply.status_code == 206
            progress.update(task, completed=have if resumed else 0)
            with part.open("ab" if resumed else "wb") as out:
                for piece in reply.iter_raw():
                    out.write(piece)
                    progress.advance(task, len(piece))
    except ConnectionFailed:
        if last:
            raise


def _is_right(path: Path, file: "ExportFile") -> bool:
    if not path.is_file() or path.stat().st_size != file["bytes"]:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file["sha256"]
