"""The command `watch`: follows the change log, and resumes from a state file without losing or repeating a change."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legis_cli import command_options as options
from legis_cli.api_connection import open_client
from legis_cli.item_columns import CHANGES
from legis_cli.item_output import OutputFormat, chosen, show_line

if TYPE_CHECKING:
    from legis_client import Legis, Position

ATTEMPTS = 20
"""Requests for one page before the command ends with 69: a restart of the server takes a few of them."""


def watch(
    context: typer.Context,
    q: options.Query = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", autocompletion=options.words("ChangeKind"), help="Kind of change; may be repeated."),
    ] = None,
    filters: options.Filters = None,
    state: Annotated[Path | None, typer.Option("--state", help="File that keeps the position between runs.")] = None,
    once: Annotated[bool, typer.Option("--once", help="End at the end of the log instead of waiting.")] = False,
    format_: options.Format = None,
) -> None:
    """Follow changes of bills as they are stored. Without --state only new ones; `-f after=0` is the whole log."""
    wanted = chosen(format_)
    if wanted is OutputFormat.JSON:
        raise typer.BadParameter("a list without an end is no JSON document; use ndjson", param_hint="--format")
    with open_client(context, ATTEMPTS) as legis:
        asked: Any = options.filters_of(filters) | options.given(q=q, kind=kind, wait=0 if once else None)
        begin = _begin(legis, state, asked.pop("after", None))
        changes = legis.changes.follow(**asked, **options.given(after=begin.after, epoch=begin.epoch))
        for change in changes:
            show_line(change, CHANGES, wanted)
            _keep(state, changes.position)  # only now: a change that was not written is told again
        _keep(state, changes.position)


def _begin(legis: "Legis", state: Path | None, after: str | None) -> "Position":
    from legis_client import Position

    if after is not None:
        if not after.isdecimal():
            raise typer.BadParameter(f"after={after} is no number", param_hint="--filter")
        return Position(int(after))
    if state is not None and state.exists():
        try:
            kept = json.loads(state.read_text())
            return Position(int(kept["after"]), kept["epoch"])
        except (ValueError, KeyError, TypeError) as error:
            raise typer.BadParameter(f"{state} is no state file of this command", param_hint="--state") from error
    head = legis.changes.head()
    _keep(state, head)
    return head


def _keep(state: Path | None, position: "Position") -> None:
    """Replaces the state file at once: it is whole at any time."""
    if state is None:
        return
    new = state.with_name(state.name + ".new")
    new.write_text(json.dumps({"after": position.after, "epoch": position.epoch}) + "\n")
    os.replace(new, state)
