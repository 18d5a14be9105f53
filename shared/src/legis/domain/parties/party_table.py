"""The parties of Brazil since 1945, reviewed by hand: names with dates, successors, other spellings.

Sources: the Câmara's historical list of parties (HOPP, `siglas-partidos.csv`) up to 2019, later the decisions of the
electoral court. A party that only changes its name stays one party; a merger ends the old ones and begins a new one.
The key of a party is its last acronym; where a later party took that acronym, the acronym with the first year:
`PL-1985`.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Party:
    """One party. `names` are its acronyms with the first day of each (None: not known), the newest last; `until` is its
    last day, `into` the key of the party that it merged into.
    """

    key: str
    names: tuple[tuple[str, date | None], ...]
    until: date | None = None
    into: str | None = None
    spellings: tuple[str, ...] = ()


def _day(text: str) -> date | None:
    """A day; the first of January where only the year is known; None for `?`."""
    if text == "?":
        return None
    return date(int(text), 1, 1) if len(text) == 4 else date.fromisoformat(text)


def _read(line: str) -> Party:
    key, names, end, spellings = (cell.strip() for cell in line.split("|"))
    pairs = [name.strip().rsplit(" ", 1) for name in names.split(">")]
    until, _, into = end.partition(" ")
    return Party(
        key,
        tuple((acronym.strip(), _day(since)) for acronym, since in pairs),
        _day(until) if until else None,
        into.strip() or None,
        tuple(text.strip() for text in spellings.split(",") if text.strip()),
    )


def party_record_id(key: str) -> str:
    """Our id of a party as an organization: `party-pcdob` for `PCdoB`, `party-pl-1985` for `PL-1985`."""
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return f"party-{plain.lower()}"


# key | acronym first day > next acronym first day | last day, then into which party | other spellings
_TABLE = """
AGIR | PJ 1985 > PRN 1989-05-11 > PTC 2001-04-24 > AGIR ? | |
ARENA | ARENA 1966 | 1979-11-29 PDS |
AVANTE | PTdoB 1989 > AVANTE 2017-09-25 | | PT do B
CIDADANIA | PPS 1992-01-26 > CIDADANIA 2019-04-05 | |
DC | PSDC 1995 > DC 2018-05-17 | |
DEM | PFL 1985-01-24 > DEM 2007-03-28 | 2022-02-08 UNIÃO | DEMOCRATAS
DEMOCRATA | PMB 2015-09-29 > DEMOCRATA 2025-12-02 | |
MDB | MDB 1966 > PMDB 1980-01-15 > MDB 2018-05-15 | |
MISSÃO | MISSÃO 2025-11-04 | |
MOBILIZA | PMN 1990 > MOBILIZA ? | |
MTR | MTR 1962 | 1965-10-27 |
NOVO | NOVO 2015-09-15 | | PARTIDO NOVO
PAN | PAN 1997 | 2007-03-15 PTB |
PATRIOTA | PEN 2012-06-19 > PATRI 2018-04-26 > PATRIOTA 2019-06-03 | 2023-11-09 PRD |
PCB-1922 | PCB 1922-03-25 | 1992-01-26 CIDADANIA |
PCB | PCB 1993 | |
PCO | PCO 1995 | |
PCdoB | PCdoB 1962 | | PC do B
PDC-1945 | PDC 1945-07-09 | 1965-10-27 |
PDC | PDC 1985 | 1993-06-08 PPR |
PDS | PDS 1980-01-31 | 1993-06-08 PPR |
PDT | PDT 1979-06-17 | |
PGT | PGT 1995 | 2003-04-01 PL-1985 |
PHS | PSN 1995 > PHDBS 2000-05-30 > PHS 2000-06-01 | 2019-09-19 PODE |
PL-1945 | PL 1945 | 1965-10-27 |
PL-1985 | PL 1985-06-25 | 2006-12-19 PL |
PL | PR 2006-12-19 > PL 2019-05-22 | | PARTIDO LIBERAL
PMB-1985 | PMB 1985 | 1990 |
PODE | PTN 1995 > PODE 2017-05-19 | | PODEMOS
PP-1980 | PP 1980-02-12 | 1982-02-14 MDB |
PP-1993 | PP 1993-05-27 | 1995-09-14 PP |
PP | PPB 1995-09-14 > PP 2003-05-29 | | PROGRESSISTAS
PPL | PPL 2011-10-04 | 2019-05-28 PCdoB |
PPR | PPR 1993-06-08 | 1995-09-14 PP |
PR-1945 | PR 1945 | 1965-10-27 |
PRD | PRD 2023-11-09 | |
PRONA | PRONA 1989 | 2006-12-19 PL |
PROS | PROS 2013-09-24 | 2023-02-14 SOLIDARIEDADE |
PRP-1945 | PRP 1945-09-26 | 1965-10-27 |
PRP | PRP 1991 | 2019-03-28 PATRIOTA |
PRT | PRT 1958 | 1965-10-27 |
PRTB | PRTB 1995 | |
PSB-1947 | PSB 1947 | 1965-10-27 |
PSB | PSB 1985 | |
PSC | PSC 1985 | 2023-06-15 PODE |
PSD-1945 | PSD 1945-07-17 | 1965-10-27 |
PSD-1987 | PSD 1987 | 2003-02-20 PTB |
PSD | PSD 2011-09-27 | |
PSDB | PSDB 1988-06-25 | |
PSL | PSL 1994 | 2022-02-08 UNIÃO |
PSOL | PSOL 2004-06-06 | |
PSP-1946 | PSP 1946 | 1965-10-27 |
PST-1946 | PST 1946 | 1965-10-27 |
PST-1989 | PST 1989 | 1993-05-27 PP-1993 |
PST | PST 1996 | 2003-04-01 PL-1985 |
PSTU | PSTU 1993 | |
PT | PT 1980-02-10 | |
PTB-1945 | PTB 1945-05-15 | 1965-10-27 |
PTB | PTB 1980 | 2023-11-09 PRD |
PTN-1945 | PTN 1945 | 1965-10-27 |
PTR | PTR 1985 | 1993-05-27 PP-1993 |
PV | PV 1986 | |
REDE | REDE 2015-09-22 | | REDE SUSTENTABILIDADE
REPUBLICANOS | PMR 2005-08-25 > PRB 2006-03-14 > REPUBLICANOS 2019-08-16 | | REPUBLICANO
SOLIDARIEDADE | SDD 2013-09-24 > SD 2015-08-06 > SOLIDARIEDADE 2018-06-28 | |
UDN | UDN 1945-04-07 | 1965-10-27 |
UNIÃO | UNIÃO 2022-02-08 | | UNIÃO BRASIL, UB
UP | UP 2019-12-10 | | UNIDADE POPULAR
"""

PARTIES: tuple[Party, ...] = tuple(_read(line) for line in _TABLE.strip().splitlines())
