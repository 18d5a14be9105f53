"""The page on which whoever reads an address sees and changes its subscriptions."""

from collections.abc import Sequence
from enum import StrEnum
from html import escape

from legis.languages import Language, Text

from api_gateway.subscriptions.subscription import Frequency, Subscription, SubscriptionState
from api_gateway.web.routes.subscribers.subscription_words import FREQUENCIES, STATES, heading, search_words

MOST_SHOWN = 100
TITLE = Text("Your subscriptions", "Suas assinaturas")
_NONE = Text("This address has no subscriptions.", "Este endereço não tem assinaturas.")
_FIRST = Text(f"The {MOST_SHOWN} oldest are shown.", f"São mostradas as {MOST_SHOWN} mais antigas.")
_PENDING = Text(
    "The e-mail with the title “Confirm your subscription” has the link that confirms it.",
    "O e-mail com o título “Confirme sua assinatura” tem o link que a confirma.",
)


class Action(StrEnum):
    """What a button of the page does, beside those that set a frequency."""

    PAUSE = "pause"
    RESUME = "resume"
    DELETE = "delete"


_ACTIONS = {
    Action.PAUSE: Text("Pause", "Pausar"),
    Action.RESUME: Text("Resume", "Retomar"),
    Action.DELETE: Text("Delete", "Excluir"),
}

_SEND = {
    Frequency.IMMEDIATE: Text("Send at once", "Receber na hora"),
    Frequency.DAILY: Text("Send every day", "Receber todo dia"),
    Frequency.WEEKLY: Text("Send every week", "Receber toda semana"),
}


def management_content(found: Sequence[Subscription], language: Language) -> str:
    """The page's content, as HTML."""
    if not found:
        return f"<p>{escape(_NONE.told(language))}</p>"
    parts = [f'<p class="quiet">{escape(found[0].target)}</p>']
    parts += [_section(one, language) for one in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        parts.append(f"<p>{escape(_FIRST.told(language))}</p>")
    return "\n".join(parts)


def _section(one: Subscription, language: Language) -> str:
    title, search = heading(one, language), search_words(one.parameters, language)
    facts = f"{STATES[one.state].told(language)} · {FREQUENCIES[one.frequency].told(language)}"
    lines = [f"<h2>{escape(title)}</h2>"]
    if title != search:
        lines.append(f'<p class="quiet">{escape(search)}</p>')
    lines.append(f'<p class="quiet">{escape(facts)}</p>')
    if one.state is SubscriptionState.PENDING:
        lines.append(f'<p class="quiet">{escape(_PENDING.told(language))}</p>')
    buttons = [(action.value, _ACTIONS[action]) for action in _actions(one)]
    buttons[-1:-1] = [(other.value, _SEND[other]) for other in Frequency if other is not one.frequency]
    lines.append('<form method="post">')
    lines.append(f'<input type="hidden" name="id" value="{one.public_id}">')
    lines += [
        f'<button name="action" value="{value}" aria-label="{escape(f"{text.told(language)}: {title}")}">'
        f"{escape(text.told(language))}</button>"
        for value, text in buttons
    ]
    return "\n".join(["<section>", *lines, "</form>", "</section>"])


def _actions(one: Subscription) -> tuple[Action, ...]:
    if one.confirmed_at is None:
        return (Action.DELETE,)
    change = Action.PAUSE if one.state is SubscriptionState.ACTIVE else Action.RESUME
    return (change, Action.DELETE)
