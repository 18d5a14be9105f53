"""Commands on bills: `bills`, `bill`, `journey` and `votes`."""

from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from legis_cli import command_options as options
from legis_cli.api_connection import open_client
from legis_cli.item_columns import BILL, BILLS, JOURNEY, VOTE_EVENTS
from legis_cli.item_output import show_items, show_one

if TYPE_CHECKING:
    from legis_client import Legis

_EXIT_NOT_FOUND = 5


def bills(
    context: typer.Context,
    q: options.Query = None,
    type_: options.BillType = None,
    status: options.Status = None,
    filters: options.Filters = None,
    limit: options.Limit = 20,
    format_: options.Format = None,
) -> None:
    """Search and list bills of both houses, newest action first: `legis bills --q saúde --type PL -f year=2024`."""
    asked = options.filters_of(filters) | options.given(q=q, type_=type_, status=status)
    with open_client(context) as legis:
        found = legis.bills.search(**options.page_query(asked, limit))
        show_items(islice(found, limit), BILLS, format_)


def bill(context: typer.Context, name: options.BillName, format_: options.Format = None) -> None:
    """Show one bill, complete: `legis bill PL 2630/2020`."""
    with open_client(context) as legis:
        show_one(legis.bills.get(bill_id(legis, name)), BILL, format_)


def journey(
    context: typer.Context, name: options.BillName, limit: options.Limit = 1000, format_: options.Format = None
) -> None:
    """A bill's way through both houses, oldest first."""
    with open_client(context) as legis:
        pages = legis.bills.journey(bill_id(legis, name), limit=min(limit, options.MOST_OF_A_PAGE)).pages()
        first = next(pages)
        for bill in first["bills"]:
            if not bill["read_whole"]:
                typer.echo(f"legis: {bill['id']} has not been read whole yet: steps of it may be missing", err=True)
        found = chain(first["data"], chain.from_iterable(page["data"] for page in pages))
        show_items(islice(found, limit), JOURNEY, format_)


def votes(
    context: typer.Context,
    name: Annotated[list[str] | None, typer.Argument(metavar="[BILL]", help="Only votings on this bill.")] = None,
    from_: options.FromDay = None,
    to: options.ToDay = None,
    filters: options.Filters = None,
    limit: options.Limit = 20,
    format_: options.Format = None,
) -> None:
    """Votings, newest first: on one bill, or all that match, such as `-f house=SENADO -f result=FAILED`."""
    with open_client(context) as legis:
        about = bill_id(legis, name) if name else None
        asked = options.filters_of(filters) | options.given(bill=about, from_=from_, to=to)
        found = legis.vote_events.search(**options.page_query(asked, limit))
        show_items(islice(found, limit), VOTE_EVENTS, format_)


def bill_id(legis: "Legis", name: list[str]) -> str:
    """The id of the bill with this name; of several, the first, and the others are told on stderr."""
    text = " ".join(name)
    found = legis.resolve(text)["data"]
    if not found:
        typer.echo(f"legis: there is no bill {text!r}", err=True)
        raise typer.Exit(_EXIT_NOT_FOUND)
    if others := [one["id"] for one in found[1:]]:
        typer.echo(f"legis: {found[0]['id']} is shown; also: {', '.join(others)}", err=True)
    return found[0]["id"]
