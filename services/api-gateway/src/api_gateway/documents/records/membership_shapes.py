"""Public shape of a membership: who belonged to which organization, in which role, from when to when."""

from legis.domain.records.membership import Condition, MembershipKind

from api_gateway.documents.bill_parts import Organization
from api_gateway.documents.common_fields import LegislatorId, Party, PartyText, State
from api_gateway.documents.records.common_record_fields import FirstDay, LastDay, Legislature
from api_gateway.documents.shapes import Out, described


class Membership(Out):
    """One membership, from the legislator's own lists or from the organization's."""

    legislator_id: LegislatorId
    legislator_name: str | None = described("Parliamentary name of the member", "Tabata Amaral")
    kind: MembershipKind = described(
        "TERM: mandate or exercise of one. LEAVE: absence with leave; the mandate goes on. PARTY, COMMITTEE, "
        "LEADERSHIP (of a party, a bloc, the government), BOARD (Mesa)",
        "COMMITTEE",
    )
    organization: Organization | None = described("House, party, committee or board")
    role: str | None = described("Role (cargo) in the source's words", "Titular")
    start_date: FirstDay
    end_date: LastDay
    legislature: Legislature
    condition: Condition | None = described("Whether the seat is held in one's own right or for another", "TITULAR")
    substitute_for: str | None = described(
        "Id of the legislator whose seat is filled, where the source says so", "camara-deputy-74398"
    )
    end_reason: str | None = described("Why it ended, in the source's words", "Renúncia")
    party: Party
    party_text: PartyText
    state: State
