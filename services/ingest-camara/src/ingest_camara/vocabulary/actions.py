"""Maps the Câmara's kinds of proceedings (`codTipoTramitacao`) to `ActionKind`.

The table has all 216 codes of the official list, and 190, which only recorded responses contain. Where its third column
requires it, the beginning of the official text (despacho) decides before the code. Upstream uses such codes for several
kinds of action ("Encaminhamento"), for a request that was refused ("Desarquivamento a Pedido": "Indeferido o pedido"),
or for an action on another bill ("Notificação de Apensação": "Apense-se a este o PL 12/2003").
"""

from legis.domain.bill import Action
from legis.domain.proceedings.official_text import action_effect
from legis.domain.proceedings.status_rule import Step
from legis.domain.vocabulary import ActionKind, StatusReason
from legis.telemetry.metrics import UNKNOWN_CODES

from ingest_camara.vocabulary.code_lists import read_table

_UNKNOWN = UNKNOWN_CODES.labels("camara", "codTipoTramitacao")

_TABLE = read_table("codTipoTramitacao.csv")
_BY_CODE = {row["code"]: ActionKind(row["kind"]) for row in _TABLE}
_BY_TEXT = frozenset(row["code"] for row in _TABLE if row["by_text"] == "yes")
_REASONS = {row["code"]: StatusReason(row["reason"]) for row in _TABLE if row["reason"]}


def kind_of(code: str | None, text: str | None = None, type_code: str = "") -> ActionKind:
    """The kind of an entry of the proceedings; `OTHER` where neither its code nor its text decides.

    A code that the table lacks is counted. `type_code` is the bill's: the text of a request calls itself
    "requerimento".
    """
    kind = _BY_CODE.get(code) if code is not None else None
    if kind is None and code is not None:
        _UNKNOWN.inc()
    if kind is None or code in _BY_TEXT:
        deed = action_effect(text, type_code)
        return deed.kind if deed is not None else kind or ActionKind.OTHER
    return kind


def step_of(entry: Action) -> Step:
    """An entry of the proceedings as evidence for the status of its bill."""
    code = entry.kind_code or ""
    by_code = _BY_CODE.get(code) is entry.kind
    return Step(entry.kind, by_code, entry.description, entry.date, _REASONS.get(code), entry.order)
