"""Invented rows of bills whose words, names and numbers collide as often as they can."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from api_gateway.documents.derive import filter_keys, label_key, organization_key, subject_keys
from legis.domain.parties.party_names import party_keys
from legis.domain.vocabulary import BillStatus

WORDS = (
    "educação", "educacao", "Educações", "saúde", "SAÚDE", "saude", "legislação", "legislações", "veículo", "automóvel",
    "automotor", "transporte", "público", "públicos", "publico", "pública", "código", "códigos", "penal", "civil",
    "trabalho", "trabalhos", "trabalhador", "trabalhadores", "imposto", "impostos", "renda", "federal", "federais",
    "nacional", "nacionais", "criança", "crianças", "adolescente", "idoso", "pessoa", "pessoas", "deficiência",
    "previdência", "previdencia", "violência", "mulher", "mulheres", "energia", "nuclear", "seguro", "desemprego",
    "seguro-desemprego", "obra", "obras", "ato", "atos", "ano", "anos", "água", "águas", "a", "o", "de", "da", "e",
    "em", "para", "não", "sem", "n", "nº", "n.º", "art.", "lei", "Lei", "leis", "decreto", "mil", "rio", "Rio", "são",
    "coração", "avó", "avô", "pêlo", "pelo", "co-autor", "ex-ministro", "d'água", "guarda-chuva", "crédito", "créditos",
)  # fmt: skip
NUMBERS = (
    "8.112", "8112", "nº 8.112/90", "n º 8.112", "8.112/1990", "8.069/90", "1.234/75", "1234/1975", "10.406", "10406",
    "13º", "13o", "1º", "1.º", "2ª", "R$ 1.234,56", "5%", "12.345.678", "0", "007", "1990", "90", "3,14", "14.133/21",
    "9.503", "AI-5", "CLT", "FGTS", "LDB", "n. 5", "nº", "3.1.2", "999999999999999999999",
)  # fmt: skip
SIGNS = (
    "—",
    "–",
    "“aspas”",
    "§ 1º",
    "¿",
    "½",
    "²",
    "№",
    "🚑",
    "👩‍⚕️",
    "🇧🇷",
    "ﬁm",
    "Ⅳ",
    "ﷺ",
    "i̇",
    "ß",
    "µ",
    "ǅ",
    "e\u0301",
    "…",
)
CODES = ("PL", "PLS", "PLC", "PEC", "PDL", "PDC", "PDS", "MPV", "REQ", "RQS", "INC", "MSC", "XYZ", "RPD", "PLP")
NAMES = (
    "Ana Costa", "Ana Silva", "Costa Ana", "José da Silva", "Jose Silva", "Silva Costa", "Ana Maria da Costa e Silva",
    "Maria do Rosário", "João Ana", "Costas", "D'Ávila", "Ávila Silva", "Dr. José", "JOSÉ SILVA",
    "Comissão de Educação",
    "Comissão Mista de Planos, Orçamentos Públicos e Fiscalização do Congresso Nacional do Brasil",
    "Um Dois Três Quatro Cinco Seis Sete Oito Nove Dez Onze Doze Treze", "Silva", "Ana", "13 de Maio", "🚑", "-",
    "Zé", "Ana Ana", "Costa", "Maria Silva", "José Maria", "Silva José Costa Maria Ana",
)  # fmt: skip
NAME_WORDS = (*NAMES[-1].split(), "Um", "Dois", "Três", "Quatro", "Cinco", "Seis", "Sete", "Oito")
PARTIES, STATES = ("PT", "PL", "PSB", "MDB", "S/PARTIDO", "pdt"), ("SP", "RJ", "PE", "AC", "DF")
SUBJECTS = ("Educação", "Saúde", "Educação, Cultura e Esportes", "Direito Penal", "Finanças", "Água", "Trabalho")
ORGANS = ("CCJC", "CFT", "plen", "Mesa", "CE", "CAS")
REGIMES = (
    "Urgência (Art. 155, RICD)",
    "Urgência",
    "Ordinário (Art. 151, III, RICD)",
    "Prioridade",
    "Prioridade urgente",
)
BODIES = ("CAMARA", "SENADO", "CONGRESSO")
STATUSES = tuple(BillStatus)[:6]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def text(dice: random.Random, most: int) -> str:
    """Words, numbers and signs; the first words of the list are the commonest."""
    parts = [
        dice.choice(NUMBERS) if (kind := dice.random()) < 0.08
        else dice.choice(SIGNS) if kind < 0.12
        else invented_word(dice) if kind < 0.3
        else WORDS[int(dice.random() ** 2 * len(WORDS))]
        for _ in range(dice.randint(1, most))
    ]  # fmt: skip
    return dice.choice((" ", " ", " ", ", ", "  ", " - ")).join(parts)


def invented_word(dice: random.Random) -> str:
    """One of some hundred words that share their beginnings."""
    return dice.choice(("pro", "tra", "con")) + dice.choice("aeiou") + dice.choice("bcdlmnrst") + dice.choice("aeo")


def row(dice: random.Random, number: int, seq: int) -> dict[str, Any]:
    """The row of bill `number` as the indexer reads it, last changed by entry `seq` of the log."""
    source = dice.choice(("camara", "camara", "senado"))
    code, official, year = dice.choice(CODES), dice.randint(1, 60), dice.choice((None, 1975, 1990, 2019, 2020, 2024))
    names = [
        dice.choice(NAMES) if (kind := dice.random()) < 0.8
        else " ".join(dice.sample(NAME_WORDS, dice.choice((1, 3, 6, 12)))) if kind < 0.92
        else f"Autora {dice.randint(1, 400)}"
        for _ in range(dice.choice((0, 1, 1, 2, 3, 9)))
    ]  # fmt: skip
    subjects = dice.sample(SUBJECTS, dice.choice((0, 1, 2)))
    parties, states = (dice.choices((None, *values), k=len(names)) for values in (PARTIES, STATES))
    title = dice.choice(("", "Dispõe sobre ", "Altera ")) + text(dice, dice.choice((2, 6, 25)))
    record: dict[str, Any] = {
        "title": dice.choice((title,) * 9 + ("",)),
        "sponsorships": [
            {"name": name, "legislator_id": dice.choice((None, str(dice.randint(1, 30))))} for name in names
        ],
        "rapporteurs": [
            {"name": dice.choice((None, *NAMES)), "legislator_id": dice.choice((None, str(dice.randint(1, 30))))}
            for _ in range(dice.choice((0, 0, 1, 2)))
        ],
        "subjects": [{"name": name} for name in subjects],
        "keywords": [text(dice, 3) for _ in range(dice.choice((0, 0, 2, 5)))],
    }
    for name, value in (
        ("nickname", text(dice, 3)),
        ("abstract", text(dice, 60)),
        ("regime_text", dice.choice(REGIMES)),
    ):
        if dice.random() < 0.4:
            record[name] = value
    official_or_none = dice.choice((official,) * 9 + (None,))
    labels = {label_key(f"{code} {official}/{year or 1999}")} if official_or_none else set()
    if dice.random() < 0.2:
        labels.add(label_key(f"{dice.choice(CODES)} {dice.randint(1, 60)}/{dice.choice((1975, 1990, 2019, 2020))}"))
    identifier = f"{source}-{number}"
    return {
        "id": identifier, "ordinal": number, "source": source, "upstream_id": str(number),
        "legacy_id": dice.choice((None, f"L{number}")), "chamber": dice.choice((None, *BODIES)),
        "type": "OTHER" if code in ("XYZ", "RPD") else code, "type_code": code, "number": official_or_none,
        "year": year, "labels": sorted(labels), "status": dice.choice(STATUSES).value,
        "in_progress": dice.choice((None, True, False)), "organization": organization_key(dice.choice((None, *ORGANS))),
        "introduced_on": _day(dice), "last_action_at": _instant(dice), "parties": party_keys(parties),
        "states": filter_keys(states), "subjects": subject_keys(subjects), "urns": _urns(dice, number),
        "first_days": None, "change_seq": seq, "changed_at": NOW + timedelta(seconds=seq // 700), "render_seq": None,
        "removed_at": NOW if dice.random() < 0.05 else None, "record": orjson.dumps(record),
        "summary": orjson.dumps({"id": identifier, "title": record["title"], "subjects": subjects}),
    }  # fmt: skip


def _day(dice: random.Random) -> date | None:
    if dice.random() < 0.1:
        return None
    return dice.choice((date(1, 1, 1), date(1826, 5, 6), date(9999, 12, 31), *[_near(dice).date()] * 40))


def _instant(dice: random.Random) -> datetime | None:
    if dice.random() < 0.1:
        return None
    at = dice.choice(
        (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), *[_near(dice)] * 40)
    )
    return at.replace(microsecond=dice.choice((0, 0, 1, 999_999)))


def _near(dice: random.Random) -> datetime:
    days = dice.randrange(dice.choice((60, 12_000)))
    return datetime(2020, 1, 1, 3, tzinfo=UTC) - timedelta(days=days, seconds=dice.choice((0, 1, 60, 43_200)))


def _urns(dice: random.Random, number: int) -> Sequence[str]:
    house = "urn:lex:br:senado.federal:projeto.lei;pls:2020;"
    return [f"{house}{number}", *([f"{house}{dice.randint(1, 50)}@v1"] if dice.random() < 0.3 else [])]
