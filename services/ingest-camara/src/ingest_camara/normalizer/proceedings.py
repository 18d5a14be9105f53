"""The history of a bill in the Câmara: entries of its proceedings, in one order."""

from collections.abc import Iterable, Sequence

from legis.domain.bill import Action
from legis.domain.proceedings.action_order import in_order, order_doubts

from ingest_camara.normalizer.addresses import organization
from ingest_camara.normalizer.claims import Claims, whole
from ingest_camara.vocabulary.actions import kind_of
from ingest_camara.wire.shapes import StatusShape


def claim_actions(claims: Claims, rows: Sequence[StatusShape]) -> None:
    """Claims the history alone, for a response that does not contain the bill's status."""
    claims.values["actions"] = ordered_actions(claims, rows)


def ordered_actions(claims: Claims, rows: Iterable[StatusShape]) -> tuple[Action, ...]:
    """The entries in the one order of all proceedings, with a flag where that order is in doubt."""
    actions = in_order(action(claims, "actions", row) for row in rows)
    for code, told in order_doubts(actions):
        claims.flag(code, "actions", told)
    return actions


def action(claims: Claims, field: str, row: StatusShape) -> Action:
    """One entry of the proceedings."""
    moment = claims.minute(field, row.dataHora)
    code, text = claims.text(field, row.codTipoTramitacao), claims.text(field, row.despacho)
    return Action(
        date=moment.date if moment else None,
        at=moment.at if moment else None,
        order=whole(row.sequencia),
        kind=kind_of(code, text, claims.values.get("type_code", "")),
        kind_code=code,
        kind_text=claims.text(field, row.descricaoTramitacao),
        description=text,
        organization=organization(claims, field, row.siglaOrgao, row.uriOrgao),
        status_code=claims.text(field, row.codSituacao),
        status_text=claims.text(field, row.descricaoSituacao),
        url=claims.text(field, row.url),
    )
