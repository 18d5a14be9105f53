"""Words of the e-mails to subscribers, in both languages."""

from legis.languages import Text

CONFIRM = Text("Confirm your subscription to Legis", "Confirme sua assinatura da Legis")
CONFIRM_BUTTON = Text("Open the page to confirm", "Abrir a página para confirmar")
ASKED = Text(
    "Somebody, perhaps you, asked for e-mails about bills to this address. To get them, open this address within 48 "
    "hours and press the button. Otherwise do nothing: no e-mails about bills will come.",
    "Alguém, talvez você, pediu e-mails sobre proposições neste endereço. Para recebê-los, abra este endereço em até "
    "48 horas e aperte o botão. Senão, não faça nada: não virão e-mails sobre proposições.",
)
NEWS = Text("{count} bills moved", "{count} proposições andaram")
ONE = Text("1 bill moved", "1 proposição andou")
CHANGED = Text("{count} bills changed", "{count} proposições mudaram")
ONE_CHANGED = Text("1 bill changed", "1 proposição mudou")
MORE = Text("and {count} more: see all", "e mais {count}: ver todas")
NO_MORE = Text("No more of these e-mails", "Não receber mais estes e-mails")
MANAGE = Text("All subscriptions of this address", "Todas as assinaturas deste endereço")
