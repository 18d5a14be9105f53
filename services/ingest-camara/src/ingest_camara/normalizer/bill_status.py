"""The status of a bill: its situation, its latest action, the body it is in, and the law it became."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from legis.domain.bill import Action, Bill, Enactment, Rapporteur, RelatedBill
from legis.domain.proceedings.status_rule import LAW, Evidence, derive_status
from legis.domain.vocabulary import BillStatus, QualityFlagCode, RelationKind

from ingest_camara.normalizer.addresses import deputy_id
from ingest_camara.normalizer.claims import Claims
from ingest_camara.normalizer.proceedings import action, ordered_actions
from ingest_camara.vocabulary.actions import step_of
from ingest_camara.vocabulary.statuses import status_of
from ingest_camara.wire.shapes import StatusShape

_NORM = re.compile(
    r"""\btransformad[oa]\ n[ao]\ (?P<title>
        (?:lei(?:\ ordin[áa]ria|\ complementar|\ delegada)?|emenda\ constitucional|decreto\ legislativo
          |resolu[çc][ãa]o(?:\ d[ao]\ [^\d]{3,60})?)
        \ (?:n[º°o.]*\ ?)?(?P<number>\d[\d.]*(?:-[A-Z])?)/(?P<year>\d{4}|\d\d))\b""",
    re.VERBOSE | re.IGNORECASE,
)


def claim_status(claims: Claims, status: StatusShape | None, rows: Sequence[StatusShape] | None = None) -> None:
    """Claims the bill's status from its last entry of the proceedings, and the whole history where it was read.

    The actions are claimed in the one order of all proceedings. A history is better evidence than the last entry alone:
    upstream's situation is sometimes older than its history.
    """
    actions = list(ordered_actions(claims, rows or ()))
    if rows is not None:
        claims.values["actions"] = tuple(actions)
    if status is not None:
        latest = action(claims, "latest_action", status)
        claims.values["latest_action"] = latest
        claims.values["organization"] = latest.organization
        claims.values["status_code"] = latest.status_code
        claims.values["status_text"] = latest.status_text
        claims.values["status_on"] = latest.date
        _doubt_the_day(claims, status, latest)
        _procedure(claims, status)
        if status.has("uriUltimoRelator"):
            deputy = deputy_id(status.uriUltimoRelator)
            claims.values["rapporteurs"] = (Rapporteur(legislator_id=deputy),) if deputy else ()
        if latest not in actions:
            actions.append(latest)
    _settle(claims, actions)


def row_standing(bill: Bill) -> dict[str, Any]:
    """The status claims that a row of a yearly file makes of the bill: from its last entry alone."""
    if bill.latest_action is None:
        return {}
    last, has_main_bill = bill.latest_action, _has_main_bill(bill.related_bills)
    found = derive_status(_evidence(bill.type_code, last, [last], has_main_bill))
    return {"status": found.status, "status_basis": found.basis, "status_reason": found.reason}


def _settle(claims: Claims, actions: Sequence[Action]) -> None:
    values = claims.values
    found = derive_status(
        _evidence(
            values["type_code"], values.get("latest_action"), actions, _has_main_bill(values.get("related_bills", ()))
        )
    )
    if found.stale:
        claims.flag(QualityFlagCode.STATUS_STALE, "status", found.stale)
    if found.status is BillStatus.UNKNOWN:
        claims.flag(QualityFlagCode.STATUS_MISSING, "status", None if actions else "no last entry of the proceedings")
    values["status"] = found.status
    values["status_basis"] = found.basis
    values["status_reason"] = found.reason
    values["in_progress"] = found.in_progress
    if found.status is BillStatus.ENACTED and (norm := _enactment(actions)):
        values["enactment"] = norm
        claims.year("enactment", norm.year)


def _evidence(type_code: str, latest: Action | None, actions: Sequence[Action], has_main_bill: bool) -> Evidence:
    return Evidence(
        situation=status_of(latest.status_code, latest.status_text) if latest else BillStatus.UNKNOWN,
        situation_text=latest.status_text if latest else None,
        steps=[step_of(entry) for entry in actions],
        has_main_bill=has_main_bill,
        type_code=type_code,
    )


def _has_main_bill(related: Iterable[RelatedBill]) -> bool:
    return any(bill.kind is RelationKind.MAIN_BILL for bill in related)


def _doubt_the_day(claims: Claims, status: StatusShape, latest: Action) -> None:
    """Flags the day of the status as doubtful under the status's own name.

    A reader of the status need not know that its day is that of the last action.
    """
    if latest.date is None:
        if status.dataHora:
            claims.flag(QualityFlagCode.DATE_UNREADABLE, "status_on", repr(status.dataHora)[:80])
        return
    claims.doubt_day("status_on", latest.date, not_before=claims.values.get("introduced_on"))


def _procedure(claims: Claims, status: StatusShape) -> None:
    if status.has("regime"):
        regime = claims.text("regime_text", status.regime)
        claims.values["regime_text"] = None if regime == "." else regime  # a lone dot is the Câmara's blank
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


def _enactment(actions: Sequence[Action]) -> Enactment | None:
    """The norm named by the newest entry that spells one out; None without such an entry."""
    for entry in reversed(actions):
        match = _NORM.search(entry.description or "") if entry.kind in LAW else None
        if match is not None:
            return Enactment(
                title=match["title"],
                number=match["number"].replace(".", ""),
                year=_full_year(int(match["year"]), entry),
            )
    return None


def _full_year(year: int, entry: Action) -> int | None:
    if year >= 100:
        return year
    if entry.date is None:
        return None
    # Old records write `LEI 1457/51`: the century is the one nearest to the entry's day.
    written = entry.date.year
    return min((year + century for century in (1800, 1900, 2000)), key=lambda full: abs(full - written))
