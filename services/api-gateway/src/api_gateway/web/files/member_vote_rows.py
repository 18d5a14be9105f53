"""One row for each member's vote, out of a complete voting."""

from collections.abc import Iterator

import orjson

_LEFT_OUT = ("votes", "orientations", "provenance", "links")


def member_vote_rows(document: bytes) -> Iterator[bytes]:
    """The members' votes of a rendered voting, each with the voting as `vote_event`, as the list of a legislator's
    votes has it. A voting without members' votes is one row without a member, so that none is missing.
    """
    voting = orjson.loads(document)
    votes = voting["votes"] or [{}]
    told = orjson.dumps({name: value for name, value in voting.items() if name not in _LEFT_OUT})
    for vote in votes:
        head = orjson.dumps(vote)[:-1]
        yield head + (b"," if vote else b"") + b'"vote_event":' + told + b"}"
