"""The valid word that an invalid one most likely means: by spelling without accents and case, or by translation."""

from collections.abc import Iterable, Iterator

from legis.domain.search_text import plain

MAX_CHARACTERS = 40
"""Of a word that is compared; nothing valid is longer."""

_ENDINGS = ("os", "as", "o", "a", "s")
_PORTUGUESE = {
    # houses
    "câmara dos deputados, deputados, cd": ("CAMARA", "camara"),
    "câmara": ("CAMARA", "chamber", "camara"),
    "senado federal, senadores, sf": ("SENADO", "senado"),
    "congresso nacional, cn, misto": ("CONGRESSO",),
    # where a bill stands, and what was done to it
    "apresentado, protocolado": ("INTRODUCED", "introduced_on"),
    "aprovado": ("APPROVED", "PASSED"),
    "rejeitado": ("REJECTED", "FAILED"),
    "arquivado": ("ARCHIVED",),
    "desarquivado": ("UNARCHIVED",),
    "apensado": ("JOINED",),
    "sancionado, promulgado, norma, lei, virou lei": ("ENACTED",),
    "vetado, veto": ("VETOED", "VET"),
    "prejudicado": ("MOOT",),
    "retirado": ("WITHDRAWN",),
    "devolvido": ("RETURNED",),
    "caducado, vencido": ("EXPIRED",),
    "transformado": ("TRANSFORMED",),
    "respondido": ("ANSWERED",),
    "em comissão, na comissão, nas comissões": ("IN_COMMITTEE",),
    "pronta para pauta, em pauta": ("READY_FOR_AGENDA",),
    "aguardando sanção": ("AWAITING_SANCTION",),
    "aguardando parecer": ("AWAITING_OPINION",),
    "aguardando relator, aguardando designação": ("AWAITING_RAPPORTEUR",),
    "aguardando deliberação": ("AWAITING_DELIBERATION",),
    "em tramitação, tramitando": ("IN_PROGRESS", "in_progress"),
    "votado, votação": ("VOTED",),
    "encaminhado": ("TRANSFERRED",),
    "outro": ("OTHER",),
    "desconhecido": ("UNKNOWN",),
    # kinds of bills
    "mp, medida provisória": ("MPV",),
    "projeto de lei, projeto de lei ordinária": ("PL",),
    "projeto de lei complementar": ("PLP",),
    "projeto de lei do senado": ("PLS",),
    "projeto de lei da câmara": ("PLC",),
    "projeto de lei do congresso nacional": ("PLN",),
    "projeto de lei de conversão": ("PLV",),
    "projeto de decreto legislativo": ("PDL",),
    "projeto de resolução": ("PRC", "PRS"),
    "proposta de emenda à constituição": ("PEC",),
    "proposta de emenda constitucional": ("PEC",),
    "requerimento": ("REQ",),
    "requerimento de informação": ("RIC",),
    "indicação": ("INC",),
    "mensagem": ("MSC",),
    "recurso": ("REC",),
    "sugestão": ("SUG",),
    "substitutivo": ("SBT",),
    # kinds of change
    "criado, novo": ("CREATED",),
    "movimentado, tramitou, andamento": ("MOVED",),
    "editado, alterado, atualizado": ("EDITED",),
    "corrigido": ("CORRECTED",),
    "removido, excluído, apagado": ("REMOVED",),
    "lido": ("READ",),
    # parameters, facets and fields
    "busca, palavras, texto, termo": ("q",),
    "casa": ("chamber",),
    "tipo, sigla": ("type", "type_code"),
    "número": ("number",),
    "ano": ("year",),
    "situação": ("status", "status_text"),
    "autor": ("author", "authors"),
    "parlamentar": ("legislator_id",),
    "partido": ("party",),
    "estado, uf": ("state",),
    "tema, assunto": ("subject", "subjects"),
    "órgão, comissão": ("organization",),
    "relator": ("rapporteur",),
    "ementa, título": ("title", "q"),
    "data de início, apresentado de": ("introduced_from",),
    "data de fim, apresentado até": ("introduced_to",),
    "ordem, ordenar, ordenação, ordenar por": ("sort",),
    "relevância": ("relevance",),
    "limite, itens, quantidade": ("limit",),
    "página": ("cursor",),
    "campos": ("fields",),
    "campo": ("field",),
    "contagem, total": ("count",),
}


def nearest(value: str, valid: Iterable[str]) -> str | None:
    """The valid word that `value` most likely means; None where no word is within a third of its letters in edits."""
    words = {_spelling(word): word for word in valid}
    given = _spelling(value)
    if not given or len(given) > MAX_CHARACTERS:
        return None
    if given in words:
        return words[given]
    for translated in _TRANSLATIONS.get(_stem(given), ()):
        if (found := words.get(_spelling(translated))) is not None:
            return found
    most = min(max(1, len(given) // 3), len(given) - 1)
    likely = [one for one in words if abs(len(one) - len(given)) <= most]  # others are further away, and cost time
    distance, best = min(((edit_distance(given, one), one) for one in likely), default=(len(given), ""))
    return words[best] if distance <= most else None


def edit_distance(one: str, other: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours that turn one word into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if last and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _spelling(word: str) -> str:
    return plain(word).replace("_", " ").replace("-", " ").strip()


def _stem(words: str) -> str:
    """Without the endings of gender and number: `aprovada` is `aprovado`."""
    return " ".join(_without_ending(word) for word in words.split())


def _without_ending(word: str) -> str:
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) > len(one) + 1), "")
    return word.removesuffix(ending)


def _translations() -> Iterator[tuple[str, tuple[str, ...]]]:
    for words, ours in _PORTUGUESE.items():
        for word in words.split(","):
            yield _stem(_spelling(word)), ours


_TRANSLATIONS = dict(_translations())
