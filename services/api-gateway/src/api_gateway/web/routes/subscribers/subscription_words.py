"""A subscription in plain words for pages: what it searches, when it tells, in what state it is."""

from collections.abc import Mapping
from typing import Any

from legis.languages import Language, Text

from api_gateway.subscriptions.subscription import Frequency, Subscription, SubscriptionState

FREQUENCIES: Mapping[Frequency, Text] = {
    Frequency.IMMEDIATE: Text("At once", "Na hora"),
    Frequency.DAILY: Text("Every day", "Todo dia"),
    Frequency.WEEKLY: Text("Every week", "Toda semana"),
}
STATES: Mapping[SubscriptionState, Text] = {
    SubscriptionState.PENDING: Text("Waits to be confirmed", "Aguarda confirmação"),
    SubscriptionState.ACTIVE: Text("Active", "Ativa"),
    SubscriptionState.PAUSED: Text("Paused", "Pausada"),
    SubscriptionState.DISABLED: Text("Stopped: e-mails were refused", "Parada: os e-mails foram recusados"),
    SubscriptionState.BOUNCED: Text("Stopped: the mailbox was refused", "Parada: a caixa postal foi recusada"),
}
_ALL = Text("All bills", "Todas as proposições")
_LABELS = {
    "q": Text("Words", "Palavras"),
    "ids": Text("Bills", "Proposições"),
    "type": Text("Type", "Tipo"),
    "year": Text("Year", "Ano"),
    "chamber": Text("House", "Casa"),
    "status": Text("Status", "Situação"),
    "legislator_id": Text("Legislator", "Parlamentar"),
    "author": Text("Author", "Autoria"),
    "rapporteur": Text("Rapporteur", "Relatoria"),
    "organization": Text("Committee", "Comissão"),
    "subject": Text("Subject", "Tema"),
    "party": Text("Party", "Partido"),
    "state": Text("State", "UF"),
    "kind": Text("Kind of change", "Tipo de mudança"),
    "field": Text("Field", "Campo"),
}
"""Labels of the commonest parameters; others are called by their names."""


def search_words(parameters: Mapping[str, Any], language: Language) -> str:
    """The search in one line: `Palavras: saúde · Tipo: PL, PEC`."""
    parts = []
    for name, value in parameters.items():
        label = _LABELS[name].told(language) if name in _LABELS else name
        listed = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        parts.append(f"{label}: {listed}")
    return " · ".join(parts) or _ALL.told(language)


def heading(one: Subscription, language: Language) -> str:
    """The subscription's name; its search where it has none."""
    return one.name or search_words(one.parameters, language)
