"""Commands on people and events: `legislators` and `agenda`."""

from itertools import islice
from typing import Annotated

import typer

from legis_cli import command_options as options
from legis_cli.bill_commands import MOST_OF_A_PAGE
from legis_cli.connection import open_client
from legis_cli.item_columns import EVENTS, LEGISLATORS
from legis_cli.item_output import show_items


def legislators(
    context: typer.Context,
    q: options.Query = None,
    house: options.House = None,
    state: options.State = None,
    party: options.Party = None,
    in_office: Annotated[bool | None, typer.Option("--in-office/--not-in-office")] = None,
    limit: options.Limit = 20,
    format_: options.Format = None,
) -> None:
    """Search and list deputies and senators, by name."""
    asked = options.given(q=q, house=house, state=state, party=party, in_office=in_office)
    with open_client(context) as legis:
        found = legis.legislators.search(**asked, limit=min(limit, MOST_OF_A_PAGE))
        show_items(islice(found, limit), LEGISLATORS, format_)


def agenda(
    context: typer.Context,
    house: options.House = None,
    organization: Annotated[str | None, typer.Option("--organization", help="Id of a committee or plenary.")] = None,
    bill: Annotated[str | None, typer.Option("--bill", help="Id of a bill on the agenda.")] = None,
    from_: options.FromDay = None,
    to: options.ToDay = None,
    limit: options.Limit = 20,
    format_: options.Format = None,
) -> None:
    """Sessions and meetings, soonest first; without days, from today on."""
    asked = options.given(house=house, organization=organization, bill=bill, from_=from_, to=to)
    with open_client(context) as legis:
        found = legis.events.search(**asked, limit=min(limit, MOST_OF_A_PAGE))
        show_items(islice(found, limit), EVENTS, format_)
