"""The pages of votings, legislators, bodies, the agenda and changes, in the order in which addresses are looked up."""

from api_gateway.site.pages.records import (
    agenda_page,
    agreement_page,
    changes_page,
    committee_members_page,
    committee_page,
    committees_page,
    legislator_page,
    legislator_votes_page,
    legislators_page,
    meeting_page,
    vote_page,
    votes_page,
)

ROUTES = (
    *votes_page.ROUTES,
    *vote_page.ROUTES,
    *legislators_page.ROUTES,
    *legislator_page.ROUTES,
    *legislator_votes_page.ROUTES,
    *agreement_page.ROUTES,
    *committees_page.ROUTES,
    *committee_page.ROUTES,
    *committee_members_page.ROUTES,
    *agenda_page.ROUTES,
    *meeting_page.ROUTES,
    *changes_page.ROUTES,
)
