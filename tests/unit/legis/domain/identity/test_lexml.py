"""URNs built for bills, held against spellings seen on the LexML portal."""

from datetime import date
from typing import Any

import pytest
from legis.domain.bill import Bill, OtherIdentifier
from legis.domain.identity.lexml import Urns, normalize_urn, parse_urn, urns_for
from legis.domain.merge import FORMER, merge
from legis.domain.vocabulary import Chamber, Source, UrnStatus


def bill(label: str, house: str = "CAMARA", introduced_on: str | None = None, **more: Any) -> Bill:
    type_code, _, rest = label.partition(" ")
    number, _, year = rest.partition("/")
    return Bill(
        source=Source.CAMARA if house == "CAMARA" else Source.SENADO,
        upstream_id="1",
        chamber=Chamber(house),
        type_code=type_code,
        number=int(number) if number.isdigit() else None,
        year=int(year) or None,
        identifier=label,
        introduced_on=date.fromisoformat(introduced_on) if introduced_on else None,
        **more,
    )


@pytest.mark.parametrize(
    ("label", "house", "introduced_on", "urn"),
    [
        ("PL 1224/2019", "CAMARA", "2022-04-13", "camara.deputados:projeto.lei;pl:2022-04-13;1224"),
        ("PL 712/2019", "CAMARA", "2021-10-05", "camara.deputados:projeto.lei;pl:2021-10-05;712"),
        ("PL 1224/2019", "SENADO", "2019-02-26", "senado.federal:projeto.lei;pl:2019;1224"),
        ("PL 712/2019", "SENADO", "2019-02-12", "senado.federal:projeto.lei;pl:2019;712"),
        ("PLP 68/2024", "CAMARA", "2024-04-25", "camara.deputados:projeto.lei.complementar;plp:2024-04-25;68"),
        ("PDC 1550/2005", "CAMARA", "2005-02-16", "camara.deputados:projeto.decreto.legislativo;pdc:2005-02-16;1550"),
        ("PL 2985/2000", "CAMARA", None, "camara.deputados:projeto.lei;pl:2000;2985"),
        ("PLC 84/2003", "SENADO", None, "senado.federal:projeto.lei;plc:2003;84"),
        ("PRS 24/2023", "SENADO", "2023-03-15", "senado.federal:projeto.resolucao;prs:2023;24"),
        ("PEC 16/2019", "SENADO", "2019-03-12", "senado.federal:proposta.emenda.constitucional;pec:2019;16"),
        ("PEC 6/2019", "CAMARA", "2019-02-20", "camara.deputados:proposta.emenda.constitucional;pec:2019-02-20;6"),
        ("PLN 30/2019", "CONGRESSO", "2019-08-30", "congresso.nacional:projeto.lei;pln:2019;30"),
        ("PLV 27/2018", "CONGRESSO", "2018-10-24", "congresso.nacional:projeto.lei.conversao;plv:2018-10-24;27"),
        ("MPV 1206/2024", "CONGRESSO", "2024-02-06", "congresso.nacional:medida.provisoria;mpv:2024-02-06;1206"),
        ("MPV 1226/2024", "CONGRESSO", "2024-06-04", "congresso.nacional:medida.provisoria;mpv:2024;1226"),
        ("MPV 1202/2023", "CAMARA", "2023-12-29", "congresso.nacional:medida.provisoria;mpv:2023-12-29;1202"),
        ("MPV 930/2020", "SENADO", None, "congresso.nacional:medida.provisoria;mpv:2020;930"),
    ],
)
def test_the_portal_writes_it_so(label: str, house: str, introduced_on: str | None, urn: str) -> None:
    built = urns_for(bill(label, house, introduced_on))
    assert built.urn_lex == f"urn:lex:br:{urn}"
    assert built.status is UrnStatus.VOCABULARY
    assert built.urn_lex not in built.aliases
    assert all(parse_urn(alias) for alias in (built.urn_lex, *built.aliases))


def test_a_bill_is_found_by_other_spellings() -> None:
    assert urns_for(bill("PL 2630/2020", "CAMARA", "2020-07-03")).aliases == (
        "urn:lex:br:camara.deputados:projeto.lei;pl:2020;2630",
    )
    assert urns_for(bill("PDL 343/2023", "SENADO", "2023-10-25")).aliases == (
        "urn:lex:br:senado.federal:projeto.decreto.legislativo;pdl:2023-10-25;343",
        "urn:lex:br:senado.federal:projeto.decreto.legislativo;pdl:2023;00343",
    )
    padded = urns_for(bill("PLC 7/2010", "SENADO")).aliases
    assert normalize_urn(padded[0]) == urns_for(bill("PLC 7/2010", "SENADO")).urn_lex


def test_the_year_of_the_urn_need_not_be_the_bills() -> None:
    built = urns_for(bill("PL 1224/2019", "CAMARA", "2022-04-13"))
    urn = parse_urn(built.urn_lex or "")
    assert urn is not None
    assert urn.year == 2022
    assert built.aliases == ("urn:lex:br:camara.deputados:projeto.lei;pl:2019;1224",)


def test_former_numbers_are_aliases() -> None:
    before = bill("PL 3729/2004", "CAMARA", "2004-06-08")
    built = urns_for(merge(before, bill("PL 2159/2021", "CAMARA", "2004-06-08")))
    assert built.urn_lex == "urn:lex:br:camara.deputados:projeto.lei;pl:2004-06-08;2159"
    assert "urn:lex:br:camara.deputados:projeto.lei;pl:2004-06-08;3729" in built.aliases
    assert "urn:lex:br:camara.deputados:projeto.lei;pl:2004;3729" in built.aliases
    assert list(built.aliases) == sorted(set(built.aliases))


def test_numbers_in_the_other_house_are_not_aliases() -> None:
    other = OtherIdentifier(identifier="PL 7769/2017", type_code="PL", number=7769, year=2017, chamber=Chamber.CAMARA)
    built = urns_for(bill("PL 8/2025", "SENADO", other_identifiers=(other,)))
    assert not [alias for alias in built.aliases if "7769" in alias]
    again = other.model_copy(update={"chamber": Chamber.SENADO, "note": FORMER})
    assert [u for u in urns_for(bill("PL 8/2025", "SENADO", other_identifiers=(again,))).aliases if "7769" in u]


def test_complementary_laws_of_the_old_senado_types() -> None:
    text = "Projeto de Lei do Senado (Complementar)"
    built = urns_for(bill("PLS 212/2017", "SENADO", type_text=text))
    assert built.urn_lex == "urn:lex:br:senado.federal:projeto.lei.complementar;pls:2017;212"
    assert urns_for(bill("PLS 212/2017", "SENADO")).urn_lex == "urn:lex:br:senado.federal:projeto.lei;pls:2017;212"


def test_what_rests_on_analogy_says_so() -> None:
    built = urns_for(bill("PDL 528/2020", "CAMARA", "2020-12-16"))
    assert built.urn_lex == "urn:lex:br:camara.deputados:projeto.decreto.legislativo;pdl:2020-12-16;528"
    assert built.status is UrnStatus.DERIVED
    assert urns_for(bill("PDL 528/2020", "SENADO", "2021-10-27")).status is UrnStatus.VOCABULARY


@pytest.mark.parametrize(
    ("label", "house"),
    [
        ("REQ 13/2026", "CAMARA"),
        ("RIC 1/2020", "CAMARA"),
        ("EMC 1/1996", "CAMARA"),
        ("P.C 12/1970", "CAMARA"),
        ("PRS 12/2020", "CAMARA"),
        ("PRC 12/2020", "SENADO"),
        ("RQS 5/2020", "SENADO"),
        ("PL 5/2020", "CONGRESSO"),
        ("PL 0/2020", "CAMARA"),
        ("PL 5/0", "CAMARA"),
        ("MPV x/2001", "CONGRESSO"),
        ("PL x/2020", "CAMARA"),
    ],
)
def test_nothing_is_invented(label: str, house: str) -> None:
    assert urns_for(bill(label, house, "2020-01-01")) == Urns(None, (), UrnStatus.NONE)
