"""Committees, boards, houses and other bodies, and completion of their names by code."""

from collections.abc import Iterable, Mapping

from legis.domain.frozen import Frozen
from legis.domain.vocabulary import Chamber


class Organization(Frozen):
    """A committee, board, house or other body. `code` is upstream's key, `acronym` the usual short name."""

    code: str | None = None
    acronym: str | None = None
    name: str | None = None
    chamber: Chamber | None = None


def names_by_code(bodies: Iterable[Organization | None]) -> dict[str, str]:
    """The names of these bodies, by their code."""
    return {body.code: body.name for body in bodies if body and body.code and body.name}


def named(body: Organization | None, names: Mapping[str, str]) -> Organization | None:
    """The body with its name from `names`, where it has a known code and no name itself."""
    name = names.get(body.code or "") if body is not None and not body.name else None
    return body.model_copy(update={"name": name}) if body is not None and name else body
