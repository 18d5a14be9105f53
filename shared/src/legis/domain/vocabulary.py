"""Closed lists of the domain: sources, chambers, bill types, statuses, action kinds, roles.

For API users every list is documented as open: values may be added. An upstream code that is not in our list becomes
`OTHER`, with the official code and text kept beside it.
"""

from legis.domain.word_enum import Word


class Source(Word):
    """A chamber's API, which is also the prefix of every bill id."""

    CAMARA = "camara"
    SENADO = "senado"


class Chamber(Word):
    """The house that a record, an organization or a vote belongs to."""

    CAMARA = "CAMARA"
    SENADO = "SENADO"
    CONGRESSO = "CONGRESSO"


class BillType(Word):
    """Official type codes, as Brazilians write them; anything else is `OTHER` with its `type_code` kept."""

    PL = "PL"
    PLP = "PLP"
    PEC = "PEC"
    MPV = "MPV"
    PLV = "PLV"
    PLN = "PLN"
    PDL = "PDL"
    PDC = "PDC"
    PDS = "PDS"
    PDN = "PDN"
    PRC = "PRC"
    PRS = "PRS"
    PRN = "PRN"
    PLS = "PLS"
    PLC = "PLC"
    SCD = "SCD"
    ECD = "ECD"
    SUG = "SUG"
    INC = "INC"
    INS = "INS"
    REQ = "REQ"
    RQS = "RQS"
    RIC = "RIC"
    RCP = "RCP"
    REC = "REC"
    MSC = "MSC"
    MSG = "MSG"
    MSF = "MSF"
    TVR = "TVR"
    PFC = "PFC"
    EMC = "EMC"
    EMP = "EMP"
    EMS = "EMS"
    SBT = "SBT"
    PRL = "PRL"
    PAR = "PAR"
    OFS = "OFS"
    VET = "VET"
    OTHER = "OTHER"


class BillStatus(Word):
    """Where a bill stands: by its official situation, else by what was last done to it."""

    # the rule is `legis.domain.proceedings.status_rule`

    INTRODUCED = "INTRODUCED"
    AWAITING_DISPATCH = "AWAITING_DISPATCH"
    IN_COMMITTEE = "IN_COMMITTEE"
    AWAITING_RAPPORTEUR = "AWAITING_RAPPORTEUR"
    AWAITING_OPINION = "AWAITING_OPINION"
    AWAITING_ANSWER = "AWAITING_ANSWER"
    READY_FOR_AGENDA = "READY_FOR_AGENDA"
    AWAITING_DELIBERATION = "AWAITING_DELIBERATION"
    JOINED = "JOINED"
    APPROVED = "APPROVED"
    SENT_TO_OTHER_CHAMBER = "SENT_TO_OTHER_CHAMBER"
    AWAITING_SANCTION = "AWAITING_SANCTION"
    AWAITING_VETO_REVIEW = "AWAITING_VETO_REVIEW"
    ENACTED = "ENACTED"
    ANSWERED = "ANSWERED"
    VETOED = "VETOED"
    REJECTED = "REJECTED"
    MOOT = "MOOT"
    WITHDRAWN = "WITHDRAWN"
    RETURNED = "RETURNED"
    EXPIRED = "EXPIRED"
    TRANSFORMED = "TRANSFORMED"
    ARCHIVED = "ARCHIVED"
    IN_PROGRESS = "IN_PROGRESS"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


class StatusBasis(Word):
    """The evidence for a status; strongest first."""

    SITUATION = "SITUATION"
    ACTION_CODE = "ACTION_CODE"
    ACTION_TEXT = "ACTION_TEXT"
    ENACTMENT = "ENACTMENT"
    RELATION = "RELATION"
    NONE = "NONE"


class StatusReason(Word):
    """Reason why a bill was archived, where the source's situation is "Arquivada" and the outcome is in the last
    action.
    """

    END_OF_LEGISLATURE = "END_OF_LEGISLATURE"
    APPROVED = "APPROVED"
    ANSWERED = "ANSWERED"
    TRANSFORMED = "TRANSFORMED"
    VETOED = "VETOED"
    REJECTED = "REJECTED"
    REJECTED_IN_COMMITTEE = "REJECTED_IN_COMMITTEE"
    INADMISSIBLE = "INADMISSIBLE"
    MOOT = "MOOT"
    WITHDRAWN_BY_AUTHOR = "WITHDRAWN_BY_AUTHOR"
    RETURNED_TO_AUTHOR = "RETURNED_TO_AUTHOR"
    EXPIRED = "EXPIRED"


class ActionKind(Word):
    """Kind of one entry of a bill's proceedings. `MOVED`, the former name of `TRANSFERRED`, is still read."""

    INTRODUCED = "INTRODUCED"
    RECEIVED = "RECEIVED"
    REFERRED = "REFERRED"
    DISPATCHED = "DISPATCHED"
    RAPPORTEUR_DESIGNATED = "RAPPORTEUR_DESIGNATED"
    OPINION = "OPINION"
    AMENDMENT = "AMENDMENT"
    REQUEST = "REQUEST"
    SCHEDULED = "SCHEDULED"
    DISCUSSED = "DISCUSSED"
    VOTED = "VOTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    JOINED = "JOINED"
    SEPARATED = "SEPARATED"
    SENT_TO_OTHER_CHAMBER = "SENT_TO_OTHER_CHAMBER"
    SENT_FOR_SANCTION = "SENT_FOR_SANCTION"
    ENACTED = "ENACTED"
    PARTIALLY_VETOED = "PARTIALLY_VETOED"
    VETOED = "VETOED"
    ANSWERED = "ANSWERED"
    MOOT = "MOOT"
    TRANSFORMED = "TRANSFORMED"
    WITHDRAWN = "WITHDRAWN"
    RETURNED = "RETURNED"
    ARCHIVED = "ARCHIVED"
    UNARCHIVED = "UNARCHIVED"
    PUBLISHED = "PUBLISHED"
    DOCUMENT_ISSUED = "DOCUMENT_ISSUED"
    NOTIFIED = "NOTIFIED"
    TRANSFERRED = "TRANSFERRED"
    OTHER = "OTHER"

    @classmethod
    def _missing_(cls, value: object) -> "ActionKind | None":
        return cls.TRANSFERRED if value == "MOVED" else None


class SponsorshipRole(Word):
    """Role of a person or body that sponsors a bill."""

    AUTHOR = "AUTHOR"
    COAUTHOR = "COAUTHOR"
    INITIATOR = "INITIATOR"


class SponsorKind(Word):
    """Kind of sponsor."""

    LEGISLATOR = "LEGISLATOR"
    ORGANIZATION = "ORGANIZATION"
    OTHER = "OTHER"


class ChamberRole(Word):
    """Whether this record's house began the bill or reviews what the other house began."""

    INITIATING = "INITIATING"
    REVIEWING = "REVIEWING"


class DocumentKind(Word):
    """Kind of a linked document."""

    FULL_TEXT = "FULL_TEXT"
    ACTION_TEXT = "ACTION_TEXT"
    OPINION = "OPINION"
    AMENDMENT = "AMENDMENT"
    OTHER = "OTHER"


class RelationKind(Word):
    """How another bill of the same source relates to this one."""

    MAIN_BILL = "MAIN_BILL"
    JOINED_TO = "JOINED_TO"
    PREVIOUS = "PREVIOUS"
    NEXT = "NEXT"
    RELATED = "RELATED"


class UrnStatus(Word):
    """Reliability of a LexML URN: built from the official vocabulary, by analogy, or no URN."""

    VOCABULARY = "VOCABULARY"
    DERIVED = "DERIVED"
    NONE = "NONE"


class CounterpartRule(Word):
    """The rule by which two records of the two houses count as the same bill; strongest first."""

    EXPLICIT_URI = "EXPLICIT_URI"
    INITIAL_IDENTIFIER = "INITIAL_IDENTIFIER"
    OTHER_NUMBER = "OTHER_NUMBER"
    SAME_IDENTIFIER = "SAME_IDENTIFIER"


class QualityFlagCode(Word):
    """Code of a warning about a field. A flagged value is never dropped."""

    YEAR_MISSING = "YEAR_MISSING"
    NUMBER_NOT_NUMERIC = "NUMBER_NOT_NUMERIC"
    TITLE_MISSING = "TITLE_MISSING"
    DATE_IN_FUTURE = "DATE_IN_FUTURE"
    DATE_IMPOSSIBLE = "DATE_IMPOSSIBLE"
    DATE_UNREADABLE = "DATE_UNREADABLE"
    TIME_AMBIGUOUS = "TIME_AMBIGUOUS"
    STATUS_MISSING = "STATUS_MISSING"
    STATUS_STALE = "STATUS_STALE"
    TYPE_UNKNOWN = "TYPE_UNKNOWN"
    TYPE_CONFLICT = "TYPE_CONFLICT"
    ORDER_MISSING = "ORDER_MISSING"
    ORDER_CONTRADICTS = "ORDER_CONTRADICTS"
    ORIGIN_CONTRADICTS = "ORIGIN_CONTRADICTS"
    PARTY_UNRESOLVED = "PARTY_UNRESOLVED"
    VALUE_UNREADABLE = "VALUE_UNREADABLE"
    TRUNCATED = "TRUNCATED"
    CHARACTERS_REMOVED = "CHARACTERS_REMOVED"
    NOT_READ_WHOLE = "NOT_READ_WHOLE"
    LIST_IN_DOUBT = "LIST_IN_DOUBT"
    PARTY_URI_STALE = "PARTY_URI_STALE"
    ORGANIZATION_UNRESOLVED = "ORGANIZATION_UNRESOLVED"
    MEMBER_UNKNOWN = "MEMBER_UNKNOWN"
    DUPLICATE = "DUPLICATE"


class ReadingPart(Word):
    """The kind of upstream answer that a reading came from. One mark for each is stored per bill."""

    LIST = "LIST"
    BULK = "BULK"
    DETAIL = "DETAIL"
    VOTES = "VOTES"
    ORIENTATIONS = "ORIENTATIONS"
    BILLS = "BILLS"
    AGENDA = "AGENDA"
    MEMBERSHIPS = "MEMBERSHIPS"
    MEMBERS = "MEMBERS"
