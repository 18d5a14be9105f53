"""Maps the official type codes (`siglaTipo`) of the Câmara's own reference list to `BillType`."""

from legis.domain.identity.identifiers import bill_type
from legis.domain.vocabulary import BillType
from legis.telemetry.metrics import UNKNOWN_CODES

from ingest_camara.vocabulary.code_lists import read_table

_UNKNOWN = UNKNOWN_CODES.labels("camara", "siglaTipo")

_NAMES = """
AA ADD ANEXO APJ ATA ATC ATOP AV AVN CAC CAE CCN COI CON CRVITAEDOC CST CVO CVR DCR DEC DEN DIS DOC DOCCPI DTQ
DVT EAG EMA EMC EMC-A EMD EML EMO EMP EMPV EMR EMRP EMS EPP ERD ERD-A ERR ESB ESP EXP IAN INA INC MAD MAN MCN
MMP MPV MSC MSF MSG MST MTC NIC NINF OBJ OF OF. OFE OFJ OFN OFS OFT P.C PAR PARF PCA PDA PDC PDL PDN PDS PEA PEC
PEP PES PET PFC PIN PL PLC PLN PLP PLS PLV PPP PPR PR/CNJ PR/CNMP PRA PRC PRF PRL PRN PRO PROC PRP PRR PRST PRT
PRV PRVP PSS R.C RAT RCM RCP RDF RDV REC REL REM REP REQ RFP RIC RIN RLF RLP RLP(R) RLP(V) RPA RPL RPLE RPLOA
RPR RQA RQC RQN RQP RRC RRL RST RTV SAP SBE SBE-A SBR SBT SBT-A SDL SGM SIP SIT SLD SOA SOR SPA SPA-R SPP SPP-R
SRAP SRL SSP STF SUC SUG SUM TER TVR VTS
"""
_OFFICIAL = frozenset(_NAMES.split())

_OF_VARIANT = {row["code"]: row["type_code"] for row in read_table("codTipo.csv")}
"""The type code (`siglaTipo`) that belongs to each `codTipo`, in the official list of 2019."""

BICAMERAL = frozenset({BillType.PL, BillType.PLP, BillType.PEC, BillType.PDL, BillType.PDC})
"""Types of bills that pass through both houses."""


def type_of(code: str) -> BillType:
    """The `BillType` of a type code; `OTHER` for any other code, counted when the Câmara's list lacks it as well."""
    kind = bill_type(code)
    if kind is BillType.OTHER and code and code not in _OFFICIAL:
        _UNKNOWN.inc()
    return kind


def official_type_code(variant_code: str | None, type_code: str) -> str | None:
    """The official list's type code for a variant (`codTipo`), where it differs from the given one; else None."""
    official = _OF_VARIANT.get(variant_code or "")
    return None if official is None or official.rstrip(".") == type_code.rstrip(".") else official
