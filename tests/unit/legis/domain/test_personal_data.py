"""No personal data leaves the extras' filter, whatever holds it; what is none stays as it was."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legis.domain.personal_data import without_personal_data

digits = st.integers(0, 9)


def check_digits(first: list[int]) -> list[int]:
    for length in (9, 10):
        total = sum(digit * (length + 1 - place) for place, digit in enumerate(first))
        first = [*first, total * 10 % 11 % 10]
    return first


cpf_digits = st.lists(digits, min_size=9, max_size=9).filter(lambda nine: len(set(nine)) > 1).map(check_digits)
cpf_plain = cpf_digits.map(lambda found: "".join(map(str, found)))
cpf_dotted = cpf_plain.map(lambda text: f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}")
word = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
email = st.builds("{}.{}@{}.leg.br".format, word, word, word)
telephone = st.builds("({:02d}) {}-{:04d}".format, st.integers(11, 99), st.integers(2000, 99999), st.integers(0, 9999))
birth = st.dates().map(lambda day: f"nascido em {day.day:02d}/{day.month:02d}/{day.year:04d}")
secret = st.one_of(cpf_plain, cpf_dotted, email, telephone, birth)
prose = st.text("abc çãé.,;:\n", max_size=20)
embedding = st.builds(lambda before, secret, after: (f"{before} {secret} {after}", secret), prose, secret, prose)
name_of_personal = st.sampled_from(
    ["cpf", "CPF", "nrCpfAutor", "e-mail", "Email", "E_MAIL_PARLAMENTAR", "emailAutor", "telefone", "Telefones",
     "dataNascimento", "DataNascimento", "dt_nascimento", "dtNasc", "tel", "celular", "númeroTelefone"]
)  # fmt: skip
plain_name = st.text("abdgiklouv_", min_size=1, max_size=12)


def nested(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3) | st.dictionaries(plain_name, inner, min_size=1, max_size=3)
        ),
        max_leaves=8,
    )


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(plain_name, nested(embedding.map(lambda pair: "\x00".join(pair))), min_size=1))
def test_no_value_of_a_personal_shape_is_left_anywhere(marked: dict[str, Any]) -> None:
    secrets: list[str] = []

    def planted(value: Any) -> Any:
        if isinstance(value, str):
            text, _, hidden = value.partition("\x00")
            secrets.append(hidden)
            return text
        if isinstance(value, list):
            return [planted(one) for one in value]
        return {name: planted(one) for name, one in value.items()}

    kept, removed = without_personal_data(planted(marked))
    left = json.dumps(kept, ensure_ascii=False)
    assert removed == len(secrets)
    assert not [hidden for hidden in secrets if hidden in left]


@settings(max_examples=40, deadline=None)
@given(name_of_personal, plain_name, nested(st.integers(0, 99) | prose))
def test_no_field_of_a_personal_name_is_left(name: str, outer: str, value: Any) -> None:
    assert without_personal_data({outer: [{name: value, "ok": 1}]}) == ({outer: [{"ok": 1}]}, 1)


@settings(max_examples=40, deadline=None)
@given(cpf_digits)
def test_a_cpf_may_be_a_number_or_a_name(found: list[int]) -> None:
    number = int("".join(map(str, found)))
    if number >= 10**9:
        assert without_personal_data({"a": number}) == ({}, 1)
    assert without_personal_data({f"{number:011}": {"a": 1}}) == ({}, 1)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(plain_name, nested(prose | st.booleans() | st.none() | st.integers(-9, 10**9 - 1))))
def test_what_is_no_personal_data_stays_as_it_was(fields: dict[str, Any]) -> None:
    assert without_personal_data(fields) == (fields, 0)


@pytest.mark.parametrize(
    "text",
    ["PL 2630/2020", "SF/22887.74443-30", "Lei nº 8.112, de 11 de dezembro de 1990", "1234-5678", "R$ 1.234.567,89",
     "00100.012345/2020-11", "https://www.camara.leg.br/proposicoes/2256735", "2020-06-01T10:00:00", "12345678901234",
     "12345678900", "11111111111", "art. 5º, (inciso) 12"],
)  # fmt: skip
def test_numbers_of_bills_and_laws_stay(text: str) -> None:
    assert without_personal_data({"texto": text}) == ({"texto": text}, 0)


def test_a_text_keeps_what_stands_around_it() -> None:
    told = {"texto": "Escreva a ana@example.org ou ligue (61) 3303-4141.", "contato": "ana@example.org"}
    assert without_personal_data(told) == ({"texto": "Escreva a [removed] ou ligue [removed]."}, 2)


def test_what_is_nested_too_deep_is_dropped() -> None:
    fields: Any = "x"
    for _ in range(200):
        fields = {"a": fields}
    kept, removed = without_personal_data(fields)
    assert removed == 1
    assert json.dumps(kept).count("{") < 60
