"""Commands on people and events: `legislators` and `agenda`."""

from itertools import islice

import typer

from legis_cli import command_options as options
from legis_cli.api_connection import open_client
from legis_cli.item_columns import EVENTS, LEGISLATORS
from legis_cli.item_output import show_items


def legislators(
    context: typer.Context,
    q: options.Query = None,
    state: options.State = None,
    party: options.Party = None,
    filters: options.Filters = None,
    limit: options.Limit = 20,
    format_: options.Format = None,
) -> None:
    """Search and list deputies and senators, by name: `legis legislators --state SP -f in_office=true`."""
    asked = options.filters_of(filters) | options.given(q=q, state=state, party=party)
    with open_client(context) as legis:
        found = legis.legislators.search(**options.page_query(asked, limit))
        show_items(islice(found, limit), LEGISLATORS, format_)


def agenda(
    context: typer.Context,
    house: options.House = None,
    from_: options.FromDay = None,
    to: options.ToDay = None,
    filters: options.Filters = None,
    limit: options.Limit = 20,
    format_: options.Format = None,
) -> None:
    """Sessions and meetings, soonest first; without days, from today on. `-f bill=ID` and others narrow it."""
    asked = options.filters_of(filters) | options.given(house=house, from_=from_, to=to)
    with open_client(context) as legis:
        found = legis.events.search(**options.page_query(asked, limit))
        show_items(islice(found, limit), EVENTS, format_)
