"""LexML URNs as the portal and others write them."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.identity.lexml_urn import Urn, normalize_urn, parse_urn
from material_folder import RECORDINGS

OBSERVED = RECORDINGS / "lexml" / "observed-urns.txt"


def test_every_observed_urn_is_read_and_written_back() -> None:
    if not OBSERVED.is_file():
        pytest.skip("the URNs seen in use lie beside the checkout, and are not there")
    lines = [line.strip() for line in OBSERVED.read_text().splitlines() if line.strip()]
    assert len(lines) == 212
    for line in lines:
        urn = parse_urn(line)
        assert urn is not None, line
        *stem, number = line.split(";")
        assert str(urn) == ";".join((*stem, number.lstrip("0")))


@pytest.mark.parametrize(
    ("text", "urn"),
    [
        (
            "urn:lex:br:camara.deputados:projeto.lei;pl:2020-07-03;2630",
            Urn("br", "camara.deputados", "projeto.lei", "pl", 2020, date(2020, 7, 3), None, "2630"),
        ),
        (
            "URN:LEX:BR:Senado.Federal:projeto.lei;PL:2020;2630 ",
            Urn("br", "senado.federal", "projeto.lei", "pl", 2020, None, None, "2630"),
        ),
        (
            "urn:lex:br:federal:lei:2008-06-19;11705",
            Urn("br", "federal", "lei", None, 2008, date(2008, 6, 19), None, "11705"),
        ),
        (
            "urn:lex:br:federal:constituicao:1988-10-05;1988!art5_cpt_inc2",
            Urn(
                "br",
                "federal",
                "constituicao",
                None,
                1988,
                date(1988, 10, 5),
                None,
                "1988",
                fragment="art5_cpt_inc2",
            ),
        ),
        (
            "urn:lex:br;sao.paulo;campinas:municipal:lei:2001;10.987-a",
            Urn("br;sao.paulo;campinas", "municipal", "lei", None, 2001, None, None, "10.987-a"),
        ),
        (
            "urn:lex:br:senado.federal;comissao.assuntos.economicos:requerimento;req:[2019-02-01,2019-12-20];99",
            Urn(
                "br",
                "senado.federal;comissao.assuntos.economicos",
                "requerimento",
                "req",
                2019,
                date(2019, 2, 1),
                date(2019, 12, 20),
                "99",
            ),
        ),
        (
            "urn:lex:br:federal:decreto.lei:1940-12-07;2848;anexo.1@2024-07-10;publicacao;2024-07-10t12.42~texto;pt-br!art1",
            Urn(
                "br",
                "federal",
                "decreto.lei",
                None,
                1940,
                date(1940, 12, 7),
                None,
                "2848",
                "anexo.1",
                "2024-07-10;publicacao;2024-07-10t12.42",
                "texto;pt-br",
                "art1",
            ),
        ),
    ],
)
def test_parts(text: str, urn: Urn) -> None:
    assert parse_urn(text) == urn
    assert str(urn) == text.strip().lower()


@pytest.mark.parametrize(
    "text",
    [
        "urn:lex:br;rio.janeiro:estadual:lei:1999-01-01;3",
        "urn:lex:br:supremo.tribunal.federal;plenario:acordao;adi:2010-05-05;lex-4277",
        "urn:lex:br:ministerio.fazenda,banco.central:portaria.conjunta:2003-04-05;seq-mf-12",
        "urn:lex:br:federal:lei:2008-06-19;11705,11706",
        "urn:lex:br:federal:medida.provisoria:2001-08-24;2158-35",
        "urn:lex:br:federal:lei:2008-06-19",
        "urn:lex:br:senado.federal:projeto.lei;pls:2000-05-24;151",
        "urn:lex:br:congresso.nacional:medida.provisoria;mpv:2024;1226@data.evento;leitura;2024-07-10t12.42",
        "urn:lex:br:federal:lei:2002-01-10;10406@inicial;2002-01-11!liv1_tit2_cap1",
        "urn:lex:br;minas.gerais;belo.horizonte:camara.municipal:projeto.lei;pl:2015;77",
        "urn:lex:br:federal:lei.complementar:2000-05-04;101",
        "urn:lex:br:federal:emenda.constitucional:2019-11-12;103",
        "urn:lex:br:camara.deputados:resolucao:1989;17",
    ],
)
def test_other_shapes_of_the_grammar(text: str) -> None:
    urn = parse_urn(text)
    assert urn is not None
    assert str(urn) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PL 2630/2020",
        "urn:lex:br",
        "urn:lex:it:stato:legge:2003-09-21;456",
        "urn:lex:br:camara.deputados:projeto.lei;pl:2020",
        "urn:lex:br:camara.deputados:projeto.lei;pl:2020-13-03;2630",
        "urn:lex:br:camara.deputados:projeto.lei;pl:2020-7-3;2630",
        "urn:lex:br:câmara.deputados:projeto.lei;pl:2020;2630",
        "urn:lex:br:camara deputados:projeto.lei;pl:2020;2630",
        "urn:lex:br:camara.deputados:projeto.lei;pl:2020;2630!",
        "urn:lex:br::projeto.lei;pl:2020;2630",
        "urn:lex:br;a;b;c:municipal:lei:2001;1",
        "urn:lex:br:federal:lei:2001;" + "1" * 1000,
        "http://www.lexml.gov.br/urn/urn:lex:br:federal:lei:2008-06-19;11705",
    ],
)
def test_what_is_no_urn(text: str) -> None:
    assert parse_urn(text) is None


def test_spellings_are_compared_without_case_and_zeros() -> None:
    padded = "urn:lex:br:senado.federal:projeto.decreto.legislativo;pdl:2023;00343"
    assert normalize_urn(padded.upper()) == normalize_urn(padded.replace("00343", "343")) != padded
    assert normalize_urn("urn:lex:br:federal:lei:2001;000") == "urn:lex:br:federal:lei:2001;0"
    assert normalize_urn(" No URN ") == "no urn"


@given(st.text(max_size=100) | st.text("urn:lexb;.-@!~[],0129", max_size=100).map("urn:lex:br:".__add__))
def test_normalizing_twice_changes_nothing(text: str) -> None:
    assert normalize_urn(normalize_urn(text)) == normalize_urn(text)


@pytest.mark.parametrize("piece", ["a", "a.", "a;", "a-", ":", "0", "@", "~a"])
def test_hostile_text_costs_nothing(piece: str) -> None:
    started = process_time()
    parse_urn("urn:lex:br:" + piece * 10_000)
    parse_urn(("urn:lex:br:" + piece * 900)[:999])
    parse_urn(("urn:lex:br:a:a:2020;" + piece * 900)[:998] + "?")
    assert process_time() - started < 2, "quadratic reading takes much longer"
