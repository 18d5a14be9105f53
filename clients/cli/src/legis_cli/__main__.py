"""Runs the command line and turns errors of the API into exit codes."""

import sys

import typer

from legis_cli.command_app import app


def main() -> None:
    """Entry point of the command `legis`."""
    try:
        app()
    except Exception as error:
        from legis_client import LegisError  # late: `legis --help` and completion need no HTTP client

        if not isinstance(error, LegisError):
            raise
        from legis_cli.exit_codes import exit_code, message

        typer.echo(f"legis: {message(error)}", err=True)
        sys.exit(exit_code(error))


if __name__ == "__main__":
    main()
