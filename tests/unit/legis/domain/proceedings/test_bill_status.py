"""The rule of a bill's status: which evidence is stronger, and what contradicts is told."""

import pytest
from legis.domain.bill import Bill
from legis.domain.proceedings.status_rule import DerivedStatus, Evidence, Step, became_law, derive_status, in_progress
from legis.domain.vocabulary import ActionKind, BillStatus, StatusBasis, StatusReason

K, S, B, R = ActionKind, BillStatus, StatusBasis, StatusReason


def said(situation: BillStatus, *steps: Step, text: str | None = None, type_code: str = "PL") -> DerivedStatus:
    return derive_status(Evidence(situation, text, steps, type_code=type_code))


def test_the_situation_stands_before_actions() -> None:
    found = said(S.AWAITING_OPINION, Step(K.RAPPORTEUR_DESIGNATED))
    assert (found.status, found.basis, found.in_progress, found.stale) == (S.AWAITING_OPINION, B.SITUATION, True, None)


def test_a_law_beats_a_stale_situation() -> None:
    found = said(S.APPROVED, Step(K.ENACTED), Step(K.NOTIFIED), text="Aguardando Envio")
    assert (found.status, found.basis, found.in_progress) == (S.ENACTED, B.ACTION_CODE, False)
    assert found.stale == "Aguardando Envio, though it became law"
    letter = Step(K.INTRODUCED, text="Recebido Ofício nº 1/2024-SF que comunica restituição do PL 1/2023, sancionado.")
    assert said(S.APPROVED, letter).status is S.ENACTED
    assert said(S.APPROVED, letter).basis is B.ACTION_TEXT


def test_a_norm_beats_everything_that_says_less() -> None:
    assert derive_status(Evidence(enacted=True)) == DerivedStatus(S.ENACTED, B.ENACTMENT, in_progress=False)
    found = derive_status(Evidence(S.AWAITING_SANCTION, "REMETIDA À SANÇÃO", enacted=True))
    assert (found.status, found.basis) == (S.ENACTED, B.ENACTMENT)
    assert found.stale == "REMETIDA À SANÇÃO, though it became law"
    assert derive_status(Evidence(S.ENACTED, enacted=True)).stale is None


@pytest.mark.parametrize(
    ("steps", "status", "basis"),
    [
        ([Step(K.ARCHIVED)], S.ARCHIVED, B.ACTION_CODE),
        ([Step(K.ARCHIVED, by_code=False, text="Ao Arquivo")], S.ARCHIVED, B.ACTION_TEXT),
        ([Step(K.TRANSFERRED, text="Ao Arquivo - Guia 22")], S.ARCHIVED, B.ACTION_TEXT),
        ([Step(K.ARCHIVED), Step(K.PUBLISHED)], S.ARCHIVED, B.ACTION_CODE),
        ([Step(K.ARCHIVED), Step(K.UNARCHIVED), Step(K.PUBLISHED)], S.IN_PROGRESS, B.ACTION_CODE),
        ([Step(K.WITHDRAWN)], S.WITHDRAWN, B.ACTION_CODE),
        ([Step(K.ANSWERED)], S.ANSWERED, B.ACTION_CODE),
        ([Step(K.MOOT)], S.MOOT, B.ACTION_CODE),
        ([Step(K.JOINED), Step(K.SEPARATED)], S.IN_PROGRESS, B.ACTION_CODE),
        ([Step(K.REQUEST, text="Apresentação do pedido de desarquivamento.")], S.IN_PROGRESS, B.ACTION_CODE),
        ([Step(K.REQUEST, text="Indeferido o pedido de desarquivamento.")], S.ARCHIVED, B.ACTION_TEXT),
        ([Step(K.OTHER)], S.UNKNOWN, B.NONE),
        ([], S.UNKNOWN, B.NONE),
    ],
)
def test_without_a_situation_the_last_decisive_action_tells(
    steps: list[Step], status: BillStatus, basis: StatusBasis
) -> None:
    found = said(S.UNKNOWN, *steps)
    assert (found.status, found.basis) == (status, basis)


def test_what_only_shows_a_bill_somewhere_does_not_say_that_it_moves() -> None:
    found = said(S.UNKNOWN, Step(K.REFERRED))
    assert (found.status, found.in_progress) == (S.IN_COMMITTEE, None)
    assert said(S.UNKNOWN, Step(K.ARCHIVED)).in_progress is False


def test_a_main_bill_of_a_project_is_what_it_was_joined_to() -> None:
    apart = Step(K.PUBLISHED)
    assert derive_status(Evidence(steps=[apart], has_main_bill=True, type_code="PL")).status is S.JOINED
    assert derive_status(Evidence(steps=[apart], has_main_bill=True, type_code="PL")).basis is B.RELATION
    assert derive_status(Evidence(steps=[apart], has_main_bill=True, type_code="EMC")).status is S.IN_PROGRESS
    assert derive_status(Evidence(steps=[Step(K.ARCHIVED)], has_main_bill=True, type_code="PL")).status is S.ARCHIVED


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Step(K.ARCHIVED, text="Arquivado nos termos do § 4º do artigo 164 do RICD"), "MOOT"),
        (Step(K.WITHDRAWN), "WITHDRAWN_BY_AUTHOR"),
        (Step(K.ARCHIVED, text="Arquivada.", reason=R.REJECTED_IN_COMMITTEE), "REJECTED_IN_COMMITTEE"),
        (Step(K.PUBLISHED), None),
        (Step(K.UNARCHIVED), None),
    ],
)
def test_why_it_was_archived(step: Step, reason: str | None) -> None:
    assert said(S.ARCHIVED, step, text="Arquivada").reason == reason
    assert said(S.REJECTED, step).reason is None


def test_an_approved_request_has_nowhere_to_go() -> None:
    approved = Step(K.REQUEST, text="Aprovado o Requerimento nº 44/2024, da Sra. Fulana")
    assert said(S.ARCHIVED, approved, text="Tramitação Finalizada", type_code="REQ").reason == "APPROVED"
    assert said(S.ARCHIVED, Step(K.APPROVED), type_code="PL").reason is None
    alone = said(S.UNKNOWN, approved, type_code="REQ")
    assert (alone.status, alone.in_progress) == (S.APPROVED, None)


def test_the_situation_may_name_the_reason_itself() -> None:
    assert said(S.ARCHIVED, text="ARQUIVADA AO FINAL DA LEGISLATURA").reason == "END_OF_LEGISLATURE"


def test_a_request_that_was_answered_and_laid_aside_is_answered() -> None:
    answer = Step(K.ANSWERED)
    assert said(S.ARCHIVED, answer, Step(K.ARCHIVED), type_code="RIC").status is S.ANSWERED
    assert said(S.ARCHIVED, answer, type_code="PL").status is S.ARCHIVED
    assert said(S.ARCHIVED, Step(K.ARCHIVED), type_code="INC").status is S.ARCHIVED


@pytest.mark.parametrize(
    ("situation", "step", "stale"),
    [
        (S.READY_FOR_AGENDA, Step(K.ARCHIVED), "Dito, though its last action says ARCHIVED"),
        (S.AWAITING_ANSWER, Step(K.ANSWERED), "Dito, though its last action says ANSWERED"),
        (S.ARCHIVED, Step(K.UNARCHIVED), "Dito, though its last action is UNARCHIVED"),
        (S.AWAITING_VETO_REVIEW, Step(K.VETOED), None),
        (S.ARCHIVED, Step(K.ARCHIVED), None),
        (S.READY_FOR_AGENDA, Step(K.REQUEST, text="Solicita a retirada do projeto"), None),
        (S.JOINED, Step(K.APPROVED), None),
        (S.READY_FOR_AGENDA, Step(K.REQUEST, text="Indeferido o pedido de desarquivamento."), None),
    ],
)
def test_contradictions_are_told_and_the_situation_stands(situation: BillStatus, step: Step, stale: str | None) -> None:
    found = said(situation, step, text="Dito")
    assert (found.status, found.basis, found.stale) == (situation, B.SITUATION, stale)


def test_a_paper_presented_long_after_the_bill_does_not_introduce_it() -> None:
    assert said(S.UNKNOWN, Step(K.INTRODUCED, order=1)).status is S.INTRODUCED
    assert said(S.UNKNOWN, Step(K.INTRODUCED)).status is S.INTRODUCED
    assert said(S.UNKNOWN, Step(K.INTRODUCED, order=92)).status is S.IN_PROGRESS


def test_lapse_of_time() -> None:
    found = said(S.UNKNOWN, Step(K.ARCHIVED, reason=R.EXPIRED))
    assert (found.status, found.in_progress) == (S.EXPIRED, False)


def test_a_stored_bill_may_have_become_law() -> None:
    def stored(**claims: object) -> Bill:
        return Bill.model_validate({"source": "camara", "upstream_id": "1", "status": "APPROVED", **claims})

    assert became_law(stored()) is None
    assert became_law(stored(actions=[{"date": None, "kind": "PARTIALLY_VETOED"}])) is B.ACTION_CODE
    assert became_law(stored(enactment={"title": "Lei 1/2000"})) is B.ENACTMENT
    assert became_law(stored(status="TRANSFORMED", enactment={"title": "Lei 1/2000"})) is None


def test_which_statuses_move() -> None:
    statuses = (S.ANSWERED, S.AWAITING_ANSWER, S.OTHER, S.UNKNOWN)
    assert [in_progress(one) for one in statuses] == [False, True, None, None]
