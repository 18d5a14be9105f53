"""Options that several commands share, and the words that completion offers: from the packaged vocabulary, without
network.
"""

from collections.abc import Callable
from typing import Annotated, Any, get_args

import typer

from legis_cli.item_output import OutputFormat

MOST_OF_A_PAGE = 100
"""Items that the API gives at once."""


def words(name: str) -> Callable[[str], list[str]]:
    """Completion by the values of an enumeration of the API."""

    def complete(incomplete: str) -> list[str]:
        from legis_client import api_types

        known: list[str] = [word for part in get_args(getattr(api_types, name)) for word in get_args(part)]
        return [word for word in known if word.startswith(incomplete.upper())]

    return complete


Format = Annotated[
    OutputFormat | None,
    typer.Option("--format", help="Default: table on a terminal, ndjson in a pipe.", show_default=False),
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="Most items.")]
BillName = Annotated[
    list[str], typer.Argument(metavar="BILL", help="Label, id, LexML URN or address: PL 2630/2020, camara-2256735")
]
Query = Annotated[str | None, typer.Option("--q", "-q", help="Words to search for.")]
BillType = Annotated[list[str] | None, typer.Option("--type", help="Type of bill, such as PL; may be repeated.")]
Status = Annotated[
    list[str] | None,
    typer.Option("--status", autocompletion=words("BillStatus"), help="Status, such as ENACTED; may be repeated."),
]
House = Annotated[
    str | None, typer.Option("--house", autocompletion=words("Chamber"), help="CAMARA, SENADO or CONGRESSO.")
]
FromDay = Annotated[str | None, typer.Option("--from", help="First day, such as 2024-02-01.")]
ToDay = Annotated[str | None, typer.Option("--to", help="Last day, included.")]
Party = Annotated[str | None, typer.Option("--party", help="Acronym of the party.")]
State = Annotated[str | None, typer.Option("--state", help="Federal unit, two letters.")]
Filters = Annotated[
    list[str] | None,
    typer.Option("--filter", "-f", metavar="NAME=VALUE", help="Any other parameter of the list; may be repeated."),
]


def filters_of(pairs: list[str] | None) -> dict[str, str]:
    """The values of `--filter` by name; several of one name are joined by commas, as the API reads them."""
    found: dict[str, str] = {}
    for pair in pairs or ():
        name, sign, value = pair.partition("=")
        if not (name and sign):
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--filter")
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def given(**options: Any) -> dict[str, Any]:
    """The options that were given, by the API's names; a trailing underscore is dropped."""
    return {name.rstrip("_"): value for name, value in options.items() if value not in (None, [], ())}


def page_query(asked: dict[str, Any], limit: int) -> Any:
    """The parameters of a list of which `limit` items are wanted."""
    return {**asked, "limit": min(limit, MOST_OF_A_PAGE)}
