"""One party by all its names, spellings, cuts and days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.parties.party_names import PartyName, parties_named, party_keys, party_of
from legis.domain.parties.party_table import PARTIES

KEYS = {party.key for party in PARTIES}


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("UNIÃO", "UNIÃO"), ("UNIAO", "UNIÃO"), ("União", "UNIÃO"), ("uniao", "UNIÃO"), ("União Brasil", "UNIÃO"),
        ("REPUBLIC", "REPUBLICANOS"), ("REPUBLICAN", "REPUBLICANOS"), ("Republica", "REPUBLICANOS"),
        ("PRB", "REPUBLICANOS"), ("PMR", "REPUBLICANOS"),
        ("SOLIDARI", "SOLIDARIEDADE"), ("Solidaried", "SOLIDARIEDADE"), ("SD", "SOLIDARIEDADE"),
        ("SDD", "SOLIDARIEDADE"), ("solidariedade", "SOLIDARIEDADE"),
        ("PODE", "PODE"), ("PODEMOS", "PODE"), ("Podemos", "PODE"), ("PTN", "PODE"),
        ("PMDB", "MDB"), ("mdb", "MDB"), ("PPS", "CIDADANIA"), ("CIDADANI", "CIDADANIA"),
        ("PFL", "DEM"), ("DEM", "DEM"), ("Democratas", "DEM"), ("DEMOCRATA", "DEMOCRATA"),
        ("PEN", "PATRIOTA"), ("PATRI", "PATRIOTA"), ("PATRIOT", "PATRIOTA"), ("PTdoB", "AVANTE"), ("PTDOB", "AVANTE"),
        ("PT do B", "AVANTE"), ("PCdoB", "PCdoB"), ("PC DO B", "PCdoB"), ("PCDOB", "PCdoB"), ("PSDC", "DC"),
        ("PRN", "AGIR"), ("PTC", "AGIR"), ("PPB", "PP"), ("PROGRESSISTAS", "PP"), ("PR", "PL"), ("MISSAO", "MISSÃO"),
        ("PSL*", "PSL"), (" PT ", "PT"),
    ],
)  # fmt: skip
def test_one_party_by_any_of_its_names(label: str, key: str) -> None:
    found = party_of(label)
    assert (found.party, found.known) == (key, True)
    assert found.text == (None if label.strip() == key else label.strip())


@pytest.mark.parametrize(
    "label", ["S/PARTIDO", "S/Partido", "S.PART.", "S/PART", "SEM PARTIDO", "Sem Partido", "S/PARTI"]
)
def test_no_party_is_none_and_keeps_its_label(label: str) -> None:
    assert party_of(label) == PartyName(None, label)


@pytest.mark.parametrize("label", ["XYZ", "DEMOCRAT", "PARTID", "Fdr PT-PCdoB-PV", "REPUBL", "Bl AvanSolidPrd..."])
def test_an_unknown_label_is_kept_and_known_to_be_unknown(label: str) -> None:
    assert party_of(label) == PartyName(label, None, known=False)


@pytest.mark.parametrize("label", [None, "", "  ", "-"])
def test_no_label_is_no_party(label: str | None) -> None:
    assert party_of(label) == PartyName(None)


@pytest.mark.parametrize(
    ("label", "on", "key"),
    [
        ("PL", date(2004, 5, 1), "PL-1985"), ("PL", date(2020, 5, 1), "PL"), ("PL", date(1950, 5, 1), "PL-1945"),
        ("PL", date(2007, 1, 20), "PL-1985"),  # the house applied the merger weeks later
        ("PL", None, "PL"), ("PR", date(2010, 1, 1), "PL"), ("PR", date(1958, 1, 1), "PR-1945"),
        ("PP", date(1994, 1, 1), "PP-1993"), ("PP", date(2010, 1, 1), "PP"), ("PP", date(1981, 1, 1), "PP-1980"),
        ("PSD", date(1999, 1, 1), "PSD-1987"), ("PSD", date(2015, 1, 1), "PSD"), ("PSD", date(1955, 1, 1), "PSD-1945"),
        ("PTB", date(2023, 12, 20), "PTB"), ("PTB", date(1961, 1, 1), "PTB-1945"),
        ("PTN", date(1962, 1, 1), "PTN-1945"),
        ("PMB", date(2016, 1, 1), "DEMOCRATA"), ("PMB", date(1987, 1, 1), "PMB-1985"),
        ("MDB", date(1974, 1, 1), "MDB"), ("PMDB", date(2016, 6, 7), "MDB"), ("MDB", date(2016, 6, 7), "MDB"),
        ("PST", date(1991, 1, 1), "PST-1989"), ("PST", date(2000, 1, 1), "PST"),
        ("PCB", date(1990, 1, 1), "PCB-1922"), ("PCB", date(2010, 1, 1), "PCB"),
        ("UNIÃO", date(2003, 1, 1), "UNIÃO"),  # a directory of today beside an old bill
    ],
)  # fmt: skip
def test_an_acronym_that_came_again_by_its_day(label: str, on: date | None, key: str) -> None:
    assert party_of(label, on).party == key


def test_a_filter_finds_every_party_that_bore_the_name() -> None:
    assert parties_named("uniao") == parties_named("UNIÃO") == ("UNIÃO",)
    assert parties_named("PMDB") == parties_named("mdb") == ("MDB",)
    assert parties_named("pl") == ("PL",), "the key of today's, as facets and links have it"
    assert parties_named("pl-1985") == ("PL-1985",)
    assert parties_named("REPUBLIC") == ("REPUBLICANOS",)
    assert parties_named("xyz") == ("XYZ",)
    assert parties_named("PCDOB") == ("PCdoB",)


def test_keys_stand_for_themselves() -> None:
    assert party_keys(sorted(KEYS)) == tuple(sorted(KEYS))
    assert party_keys(["PMDB", "MDB", "união", "S/PARTIDO", None, "", "abc"]) == ("ABC", "MDB", "UNIÃO")


def test_the_table_holds_together() -> None:
    assert len(KEYS) == len(PARTIES)
    for party in PARTIES:
        days = [day for _, day in party.names if day is not None]
        assert days == sorted(days), party.key
        assert party.until is None or party.until >= days[-1], party.key
        assert party.into is None or (party.into in KEYS and party.until), party.key
        assert party.key.split("-")[0] == party.names[-1][0], party.key
    for year in (1947, 1968, 1985, 1994, 2004, 2016, 2026):  # at no time do two parties have one acronym
        day = date(year, 6, 1)
        borne = [
            acronym
            for party in PARTIES
            for place, (acronym, since) in enumerate(party.names)
            if (since or date.max)
            <= day
            < min([d for _, d in party.names[place + 1 :] if d] or [party.until or date.max])
        ]
        assert len(borne) == len(set(borne)), year


@given(st.text(max_size=20), st.none() | st.dates())
def test_any_label_on_any_day(label: str, on: date | None) -> None:
    found = party_of(label, on)
    assert found.party is None or found.party in KEYS or not found.known
    assert parties_named(label)
