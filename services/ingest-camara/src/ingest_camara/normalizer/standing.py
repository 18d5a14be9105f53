"""Where a bill stands: its situation, its latest action, the body it is in, and the law it became."""

import re
from collections.abc import Sequence

from legis.domain.action_order import in_order, order_doubts
from legis.domain.bill import Action, Enactment, Rapporteur
from legis.domain.vocabulary import BillStatus, QualityFlagCode

from ingest_camara.normalizer.claims import Claims, whole
from ingest_camara.normalizer.references import deputy_id, organization
from ingest_camara.vocabulary.proceedings import ENACTING, kind_of
from ingest_camara.vocabulary.situations import in_progress, status_of
from ingest_camara.wire.shapes import StatusShape

_NORM = re.compile(
    r"""\btransformad[oa]\ n[ao]\ (?P<title>
        (?:lei(?:\ ordin[áa]ria|\ complementar|\ delegada)?|emenda\ constitucional|decreto\ legislativo
          |resolu[çc][ãa]o(?:\ d[ao]\ [^\d]{3,60})?)
        \ (?:n[º°o.]*\ ?)?(?P<number>\d[\d.]*(?:-[A-Z])?)/(?P<year>\d{4}|\d\d))\b""",
    re.VERBOSE | re.IGNORECASE,
)


def stand(claims: Claims, status: StatusShape | None) -> None:
    """Claims the bill's standing as its last entry of the proceedings says it."""
    if status is None:
        claims.values["status"] = BillStatus.UNKNOWN
        claims.flag(QualityFlagCode.STATUS_MISSING, "status", "no last entry of the proceedings")
        return
    latest = action(claims, "latest_action", status)
    claims.values["latest_action"] = latest
    claims.values["organization"] = latest.organization
    claims.values["status_code"] = latest.status_code
    claims.values["status_text"] = latest.status_text
    claims.values["status_on"] = latest.date
    _settle(claims, status_of(latest.status_code, latest.status_text), [latest])
    _procedure(claims, status)
    if status.has("uriUltimoRelator"):
        deputy = deputy_id(status.uriUltimoRelator)
        claims.values["rapporteurs"] = (Rapporteur(legislator_id=deputy),) if deputy else ()


def proceed(claims: Claims, rows: Sequence[StatusShape]) -> None:
    """Claims the whole history, in the one order of all proceedings, and what it adds to the standing.

    Upstream's situation is sometimes older than its history: a bill whose history says that it became law has.
    """
    actions = in_order(action(claims, "actions", row) for row in rows)
    for code, told in order_doubts(actions):
        claims.flag(code, "actions", told)
    claims.values["actions"] = actions
    if "status" in claims.values:
        _settle(claims, claims.values["status"], actions)


def action(claims: Claims, field: str, row: StatusShape) -> Action:
    """One entry of the proceedings."""
    moment = claims.minute(field, row.dataHora)
    code = row.codTipoTramitacao or None
    return Action(
        date=moment.date if moment else None,
        at=moment.at if moment else None,
        order=whole(row.sequencia),
        kind=kind_of(code),
        kind_code=code,
        kind_text=claims.text(field, row.descricaoTramitacao),
        description=claims.text(field, row.despacho),
        organization=organization(claims, field, row.siglaOrgao, row.uriOrgao),
        status_code=row.codSituacao or None,
        status_text=claims.text(field, row.descricaoSituacao),
        url=claims.text(field, row.url),
    )


def _settle(claims: Claims, status: BillStatus, actions: Sequence[Action]) -> None:
    enacting = next((entry for entry in reversed(actions) if entry.kind_code in ENACTING), None)
    if enacting is not None:
        if status is not BillStatus.ENACTED:
            said = claims.values.get("status_text") or "no situation"
            claims.flag(QualityFlagCode.STATUS_STALE, "status", f"{said}, though it became law")
            status = BillStatus.ENACTED
        if norm := _enactment(enacting):
            claims.values["enactment"] = norm
            claims.year("enactment", norm.year)
    if status is BillStatus.UNKNOWN:
        claims.flag(QualityFlagCode.STATUS_MISSING, "status")
    claims.values["status"] = status
    claims.values["in_progress"] = in_progress(status)


def _procedure(claims: Claims, status: StatusShape) -> None:
    if status.has("regime"):
        regime = claims.text("regime_text", status.regime)
        claims.values["regime_text"] = None if regime == "." else regime  # a dot is how they leave it blank
    if status.has("ambito"):
        claims.values["scope_text"] = claims.text("scope_text", status.ambito)
    if status.has("apreciacao"):
        consideration = claims.text("consideration_text", status.apreciacao)
        claims.values["consideration_text"] = consideration
        claims.values["conclusive"] = _conclusive(consideration)


def _conclusive(consideration: str | None) -> bool | None:
    words = (consideration or "").lower()
    if "conclusiva" in words:
        return True
    return False if "plenário" in words else None


def _enactment(entry: Action) -> Enactment | None:
    match = _NORM.search(entry.description or "")
    if match is None:
        return None
    return Enactment(
        title=match["title"],
        number=match["number"].replace(".", ""),
        year=_full_year(int(match["year"]), entry),
    )


def _full_year(year: int, entry: Action) -> int | None:
    if year >= 100:
        return year
    if entry.date is None:
        return None
    # Old records write `LEI 1457/51`: the century is the one that lies nearest to the entry.
    written = entry.date.year
    return min((year + century for century in (1800, 1900, 2000)), key=lambda full: abs(full - written))
