"""What a voting decided, by how its description begins."""

import pytest
from ingest_camara.vocabulary.purposes import fold, purpose_of
from ingest_camara.vocabulary.votes import result_of


def decided(text: str, named: str | None = None, approval: str | None = None) -> tuple[str, str]:
    folded = fold(text)
    purpose = purpose_of(folded, named)
    return purpose.value, result_of(folded, purpose, approval)[0].value


@pytest.mark.parametrize(
    ("text", "named", "purpose", "result"),
    [
        # nobody voted
        ("Realizar o encaminhamento do PL-1829/2019 (Nº Anterior: PL 1/1) à CCJC.", None, "NOT_A_VOTE", "NO_VOTE"),
        ("Concedida a votação nominal do Requerimento de Adiamento, de ofício.", None, "NOT_A_VOTE", "NO_VOTE"),
        ("Alteração do Regime de Tramitação em virtude da aprovação do REQ 1/2015.", None, "NOT_A_VOTE", "NO_VOTE"),
        ("Retirado o REQ n.1/2023, em razão do deferimento do Requerimento.", None, "NOT_A_VOTE", "NO_VOTE"),
        ("Prejudicado o Requerimento de Votação Nominal.", "REQ 1/2020", "NOT_A_VOTE", "NO_VOTE"),
        ("Deferida a retirada do REQ 878/2022. Publique-se e, após, arquive-se.", None, "NOT_A_VOTE", "NO_VOTE"),
        ("Vista conjunta aos Deputados A e B.", None, "NOT_A_VOTE", "NO_VOTE"),
        # behind a roll call that the chair granted
        ("Concedida a votação nominal de ofício pelo Presidente.\r\nRejeitado o Requerimento. Sim: 11; Não: 20.", None,
         "REQUEST", "FAILED"),
        ("Concedida a votação nominal de ofício. Fica prejudicado o requerimento do NOVO.\r\nAprovada a matéria "
         "destacada. Fica mantido o texto do Relator. Sim: 24; Não: 5.", None, "SEPARATE_VOTE", "PASSED"),
        ("Concedida a votação nominal de ofício. \r\nAprovado o Parecer, ressalvados os destaques. Sim: 23.", None,
         "REPORT", "PASSED"),
        # parts of a text
        ("Mantido o texto. Sim: 290; não: 142.", None, "SEPARATE_VOTE", "KEPT"),
        ("Mantido o texto proposto pelo Relator: Resultado: Sim: 39; não: 18.", None, "SEPARATE_VOTE", "KEPT"),
        ("Suprimido o texto. Sim: 307; não: 166.", None, "SEPARATE_VOTE", "REMOVED"),
        ("Rejeitados os artigos 246 e 251-B da Lei nº 7.565, incluídos pelo Substitutivo.", None,
         "SEPARATE_VOTE", "FAILED"),
        ("Aprovada a parte da Emenda.", None, "SEPARATE_VOTE", "PASSED"),
        ("Aprovado o Substitutivo do Senado Federal ao Projeto de Lei nº 1, ressalvados os dispositivos.", None,
         "PASSAGE", "PASSED"),
        ("Mantidos os dispositivos.", None, "SEPARATE_VOTE", "KEPT"),
        ("Rejeitado o Destaque nº 3.", None, "SEPARATE_VOTE", "FAILED"),
        # how to vote, when, in which order
        ("Rejeitada a admissibilidade dos destaques simples. Sim: 1; não: 2.", None, "VOTING_METHOD", "FAILED"),
        ("Inadmitidos, em globo, os destaques simples. Sim: 27; Não: 320.", None, "VOTING_METHOD", "FAILED"),
        ("Aprovada a preferência. Sim: 307; não: 143.", None, "VOTING_METHOD", "PASSED"),
        ("Rejeitados os Requerimentos de votação parcelada.", None, "VOTING_METHOD", "FAILED"),
        ("Rejeitado o Requerimento de Retirada de Pauta. Resultado: Sim: 1.", None, "WITHDRAW_FROM_AGENDA", "FAILED"),
        ("Rejeitado o Requerimento de Adiamento de Votação.", None, "POSTPONE", "FAILED"),
        ("Aprovado o REQ 2354/2021, que solicita a dispensa do interstício.", None, "INTERVAL_WAIVER", "PASSED"),
        ("Aprovado o Requerimento de Encerramento de Discussão.", None, "CLOSE_DEBATE", "PASSED"),
        ("Aprovado o Requerimento de Urgência (Art. 155 do RICD).", "REQ 1/2024", "URGENCY", "PASSED"),
        ("Rejeitado o Recurso.", None, "APPEAL", "FAILED"),
        ("Aprovado.", "REC 3/2024", "APPEAL", "PASSED"),
        ("Aprovado.", "REQ 3/2024 CPASF", "REQUEST", "PASSED"),
        ("APROVADO com a subscrição da Deputada F.", "REQ 3/2024", "REQUEST", "PASSED"),
        ("Aprovado requerimento n. 113/2017 da Sra. F que requer audiência sobre o Projeto de Lei 1.", None, "REQUEST",
         "PASSED"),
        # texts
        ("Aprovada a Redação Final assinada pelo Relator, Dep. F.", None, "FINAL_TEXT", "PASSED"),
        ("Aprovado, em apreciação preliminar, o Parecer da Comissão.", None, "ADMISSIBILITY", "PASSED"),
        ("Rejeitada a Emenda de Plenário nº 4.", None, "AMENDMENT", "FAILED"),
        ("Rejeitado o Art. 15 da Emenda de Plenário nº 4. Sim: 38; não: 376.", None, "AMENDMENT", "FAILED"),
        ("Rejeitadas as Emendas ao Substitutivo.", None, "AMENDMENT", "FAILED"),
        ("Aprovada a Proposta de Redação para o Segundo Turno da PEC 241.", None, "FINAL_TEXT", "PASSED"),
        ("Rejeitada Emenda Aglutinativa n° 5. Sim: 26; Não: 300.", None, "AMENDMENT", "FAILED"),
        ("Aprovadas as Emendas do Senado Federal ao Projeto de Lei nº 1, de 2020.", None, "AMENDMENT", "PASSED"),
        ("Aprovada a Subemenda Substitutiva Global ao Projeto de Lei nº 1.", None, "PASSAGE", "PASSED"),
        ("Aprovada a Emenda Aglutinativa Substitutiva nº 1, ressalvados os destaques.", None, "PASSAGE", "PASSED"),
        ("Aprovado, em primeiro turno, o Substitutivo da Comissão.", None, "PASSAGE", "PASSED"),
        ("Aprovada, em segundo turno, a Proposta de Emenda à Constituição nº 1.", None, "PASSAGE", "PASSED"),
        ("Aprovada a Medida Provisória nº 1, de 2023.", None, "PASSAGE", "PASSED"),
        ("Submetido à votação, foi aprovado o Parecer.", None, "REPORT", "PASSED"),
        ("Não aprovado o Parecer.", None, "REPORT", "FAILED"),
        ("Rejeitados.", None, "UNKNOWN", "FAILED"),
        ("", None, "UNKNOWN", "UNKNOWN"),
    ],
)  # fmt: skip
def test_decisions(text: str, named: str | None, purpose: str, result: str) -> None:
    assert decided(text, named) == (purpose, result)


def test_figures_never_tell_the_result() -> None:
    assert decided("Rejeitado o Requerimento. Sim: 240; não: 159; total: 399.")[1] == "FAILED"
    assert decided("Suprimido o texto. Sim: 307; não: 166; total: 473.")[1] == "REMOVED"


def test_only_a_nomination_ends_as_upstreams_mark_says() -> None:
    assert decided("Votos: Fulana: Sim: 388; Não: 22.", "OBJ 2/2025", "1") == ("NOMINATION", "PASSED")
    assert decided("Votos: Fulana: Sim: 3; Não: 22.", None, "0") == ("NOMINATION", "FAILED")
    assert decided("Votos: Fulana: Sim: 3; Não: 22.") == ("NOMINATION", "UNKNOWN")
    assert decided("Requerimento subscrito pela Deputada F.", "REQ 1/2024", "1") == ("REQUEST", "UNKNOWN")
