"""Maps the Senado's codes for houses, roles and yes or no to `Chamber`, `ChamberRole` and bool."""

from legis.domain.vocabulary import Chamber, ChamberRole

from ingest_senado.vocabulary.folding import count_unknown, upper

_CHAMBERS = {"SF": Chamber.SENADO, "CD": Chamber.CAMARA, "CN": Chamber.CONGRESSO}
_OUTSIDE = frozenset({"PR", "STF", "TSE", "STJ", "TST", "STM", "TCU", "PGR", "MPU", "DPU", "CNJ", "CNMP"})
_ROLES = {"INICIADORA": ChamberRole.INITIATING, "REVISORA": ChamberRole.REVIEWING}
_YES = frozenset({"SIM", "S", "TRUE"})
_NO = frozenset({"NAO", "N", "FALSE"})


def chamber(code: str | None) -> Chamber | None:
    """`SF`, `CD` or `CN`; None for bodies outside the Congress and, counted, for unknown codes."""
    if code is None:
        return None
    found = _CHAMBERS.get(upper(code))
    if found is None and upper(code) not in _OUTSIDE:
        count_unknown("chamber")
    return found


def chamber_role(text: str | None) -> ChamberRole | None:
    """`Iniciadora` or `Revisora`."""
    if text is None:
        return None
    role = _ROLES.get(upper(text))
    if role is None:
        count_unknown("chamber_role")
    return role


def yes_no(text: str | None) -> bool | None:
    """`Sim`/`Não` of one service, `S`/`N` of another; None, counted, for any other word."""
    if text is None:
        return None
    word = upper(text)
    if word not in _YES | _NO:
        count_unknown("yes_no")
        return None
    return word in _YES
