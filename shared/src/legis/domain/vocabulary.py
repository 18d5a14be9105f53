"""Closed lists of the domain: sources, chambers, bill types, statuses, action kinds, roles.

Every list is documented as open towards API users: a value may be added. A code that upstream uses and we do not
know becomes `OTHER`, with the official code and text kept beside it.
"""

from legis.domain.words import Word


class Source(Word):
    """A chamber's API, which is also the first half of every bill id."""

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
    """Where a bill stands, from its official situation."""

    INTRODUCED = "INTRODUCED"
    AWAITING_DISPATCH = "AWAITING_DISPATCH"
    IN_COMMITTEE = "IN_COMMITTEE"
    AWAITING_RAPPORTEUR = "AWAITING_RAPPORTEUR"
    AWAITING_OPINION = "AWAITING_OPINION"
    READY_FOR_AGENDA = "READY_FOR_AGENDA"
    AWAITING_DELIBERATION = "AWAITING_DELIBERATION"
    JOINED = "JOINED"
    APPROVED = "APPROVED"
    SENT_TO_OTHER_CHAMBER = "SENT_TO_OTHER_CHAMBER"
    AWAITING_SANCTION = "AWAITING_SANCTION"
    AWAITING_VETO_REVIEW = "AWAITING_VETO_REVIEW"
    ENACTED = "ENACTED"
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


class ActionKind(Word):
    """What one entry of a bill's proceedings did."""

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
    TRANSFORMED = "TRANSFORMED"
    WITHDRAWN = "WITHDRAWN"
    RETURNED = "RETURNED"
    ARCHIVED = "ARCHIVED"
    UNARCHIVED = "UNARCHIVED"
    PUBLISHED = "PUBLISHED"
    DOCUMENT_ISSUED = "DOCUMENT_ISSUED"
    NOTIFIED = "NOTIFIED"
    MOVED = "MOVED"
    OTHER = "OTHER"


class SponsorshipRole(Word):
    """How a person or body stands behind a bill."""

    AUTHOR = "AUTHOR"
    COAUTHOR = "COAUTHOR"
    INITIATOR = "INITIATOR"


class SponsorKind(Word):
    """What a sponsor is."""

    LEGISLATOR = "LEGISLATOR"
    ORGANIZATION = "ORGANIZATION"
    OTHER = "OTHER"


class ChamberRole(Word):
    """Whether this record's house began the bill or reviews what the other house began."""

    INITIATING = "INITIATING"
    REVIEWING = "REVIEWING"


class DocumentKind(Word):
    """What a linked document is."""

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


class VoteOption(Word):
    """One member's vote."""

    YES = "YES"
    NO = "NO"
    ABSTAIN = "ABSTAIN"
    OBSTRUCTION = "OBSTRUCTION"
    PRESENT = "PRESENT"
    PRESIDING = "PRESIDING"
    ABSENT = "ABSENT"
    SECRET = "SECRET"
    OTHER = "OTHER"


class VoteResult(Word):
    """How a voting ended, as far as the source says."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class UrnStatus(Word):
    """How firmly a LexML URN stands: built from the official vocabulary, by analogy, or not at all."""

    VOCABULARY = "VOCABULARY"
    DERIVED = "DERIVED"
    NONE = "NONE"


class CounterpartRule(Word):
    """Why two records of the two houses are taken for the same bill; strongest first."""

    EXPLICIT_URI = "EXPLICIT_URI"
    INITIAL_IDENTIFIER = "INITIAL_IDENTIFIER"
    OTHER_NUMBER = "OTHER_NUMBER"
    SAME_IDENTIFIER = "SAME_IDENTIFIER"


class QualityFlagCode(Word):
    """What a reader should know before trusting a field; never a reason to drop it."""

    YEAR_MISSING = "YEAR_MISSING"
    NUMBER_NOT_NUMERIC = "NUMBER_NOT_NUMERIC"
    TITLE_MISSING = "TITLE_MISSING"
    DATE_IN_FUTURE = "DATE_IN_FUTURE"
    DATE_UNREADABLE = "DATE_UNREADABLE"
    TIME_AMBIGUOUS = "TIME_AMBIGUOUS"
    STATUS_MISSING = "STATUS_MISSING"
    STATUS_STALE = "STATUS_STALE"
    TYPE_UNKNOWN = "TYPE_UNKNOWN"
    VALUE_UNREADABLE = "VALUE_UNREADABLE"
    TRUNCATED = "TRUNCATED"
    CHARACTERS_REMOVED = "CHARACTERS_REMOVED"
    LIST_IN_DOUBT = "LIST_IN_DOUBT"


class ReadingPart(Word):
    """Which upstream answer a reading came from; one fingerprint of each is remembered per bill."""

    LIST = "LIST"
    BULK = "BULK"
    DETAIL = "DETAIL"
    VOTES = "VOTES"
