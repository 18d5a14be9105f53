"""The command `legis` with all its subcommands."""

from typing import Annotated

import typer

from legis_cli import bill_commands, export_command, mcp_command, record_commands, save_command, watch_command
from legis_cli.api_connection import DEFAULT_URL, KEY_FILE_VARIABLE, KEY_VARIABLE

app = typer.Typer(
    name="legis",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog=f"An API key is taken from {KEY_VARIABLE}, or from a file with mode 0600 ({KEY_FILE_VARIABLE}).",
)


@app.callback()
def connect(
    context: typer.Context,
    url: Annotated[str, typer.Option("--url", envvar="LEGIS_URL", help="Address of the API.")] = DEFAULT_URL,
) -> None:
    """Brazil's National Congress on the command line: bills, votings, people and the agenda of both houses."""
    context.obj = url


for command in (
    bill_commands.bills,
    bill_commands.bill,
    bill_commands.journey,
    bill_commands.votes,
    record_commands.legislators,
    record_commands.agenda,
    watch_command.watch,
    save_command.save,
    export_command.export,
    mcp_command.mcp,
):
    app.command()(command)
