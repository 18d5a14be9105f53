"""The beginning of an official text says what was done to the bill; quotations, wishes and opinions say nothing."""

from datetime import date

import pytest
from legis.domain.proceedings.official_text import action_effect

LAW, OLD = date(1999, 1, 1), date(1971, 4, 2)


def read(text: str, type_code: str = "PL", on: date | None = LAW) -> tuple[str | None, str | None, str | None]:
    deed = action_effect(text, type_code, on)
    return (None, None, None) if deed is None else (deed.kind, deed.status, deed.reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Arquivada.", None),
        ("ARQUIVADO NOS TERMOS DO ARTIGO 105 DO REGIMENTO INTERNO. DCN1 03 02 95", "END_OF_LEGISLATURE"),
        ("Arquivado, nos termos do art. 105 do RICD.", "END_OF_LEGISLATURE"),
        ("Arquivada ao final da legislatura.", "END_OF_LEGISLATURE"),
        ("Arquivado nos termos do § 4º do artigo 164 do RICD (prejudicialidade).", "MOOT"),
        ("ARQUIVADO NOS TERMOS DO ARTIGO 164, INCISO I E PARAGRAFO QUARTO DO REGIMENTO INTERNO.", "MOOT"),
        ("Arquivado nos termos do Artigo 133 do RICD. DCD", "REJECTED_IN_COMMITTEE"),
        ("Arquivada por ter recebido pareceres contrários de todas as comissões", "REJECTED_IN_COMMITTEE"),
        ("Arquivado, nos termos do § 4.º do artigo 58 do RICD (inadequação financeira).", "INADMISSIBLE"),
        ("DESPACHO AO ARQUIVO (REJEITADO). DCN1 16 03 73", "REJECTED"),
        ("Arquive-se. O veto total foi mantido.", "VETOED"),
        ("Ao Arquivo - Memorando nº 113/06 - CCP", None),
        ("Ao arquivo - Guia 22", None),
        ("Encaminhado à(ao) ARQUIVO através da guia de Remessa (GR/CCP) nº 5275/2012.", None),
        ("Despacho: Arquive-se.", None),
        ("Mesa Diretora: Arquivamento do PLP-246/1990 e dos PLP-77/1989 e PLP-144/1989.", None),
    ],
)
def test_archived(text: str, reason: str | None) -> None:
    assert read(text) == ("ARCHIVED", "ARCHIVED", reason)


def test_articles_of_older_rules_mean_something_else() -> None:
    text = "ARQUIVADO NOS TERMOS DO ARTIGO 105 DO REGIMENTO INTERNO"
    assert read(text, on=OLD) == ("ARCHIVED", "ARCHIVED", None)
    assert read(text, on=None) == ("ARCHIVED", "ARCHIVED", "END_OF_LEGISLATURE")
    assert read("ARQUIVADO (REJEITADO)", on=OLD)[2] == "REJECTED"


@pytest.mark.parametrize(
    "text",
    [
        "EXCLUA-SE DO ARQUIVAMENTO, nos termos do art. 105.",
        "Tornado sem efeito o arquivamento desta proposição.",
        "Despacho de arquivamento revisto.",
        "Desarquivado nos termos do Artigo 105 do RICD, em conformidade com o despacho exarado no REQ-118/2011.",
        "Defiro o desarquivamento do PL 12/1999, conforme o art. 105.",
        "Deferido o pedido de desarquivamento desta proposição.",
    ],
)
def test_taken_up_again(text: str) -> None:
    assert read(text)[:2] == ("UNARCHIVED", "IN_PROGRESS")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Indeferido o pedido de desarquivamento desta proposição constante do REQ-1348/2007.", "ARCHIVED"),
        ("INDEFIRO a solicitação de desarquivamento, conforme despacho exarado no REQ-56/2007.", "ARCHIVED"),
        (
            "Devido a desarquivamento desta proposição em requerimento anterior, foi declarada prejudicada a"
            " solicitação de desarquivamento constante do REQ-366/2019.",
            None,
        ),
        ("Prejudicado o requerimento de desarquivamento, por já estar em tramitação.", None),
        ("Indeferido o pedido de desarquivamento, porquanto a proposição não foi arquivada.", None),
        ("Apresentação do REQ n. 12/2019 (Requerimento de Desarquivamento de Proposições), pelo Deputado Fulano", None),
    ],
)
def test_a_request_to_unarchive_is_a_request(text: str, status: str | None) -> None:
    assert read(text)[:2] == ("REQUEST", status)


@pytest.mark.parametrize(
    "text",
    [
        "Aprovada a Mensagem nº 920, de 2001, do Poder Executivo, que solicita a retirada deste Projeto.",
        "Deferida MSC-066/2003 solicitando a retirada desta.",
        "RETIRADO PELO AUTOR. DCN1 12 03 80",
        "Retirada pela autora, a pedido.",
        "REQUERIMENTO DO AUTOR SOLICITANDO A RETIRADA DESTE PROJETO. DEFERIDO.",
        "Defiro a retirada da proposição, nos termos do art. 104.",
    ],
)
def test_withdrawn(text: str) -> None:
    assert read(text)[:2] == ("WITHDRAWN", "WITHDRAWN")


@pytest.mark.parametrize(
    "text",
    [
        "Apresentação da MSC 57/2013, do Poder Executivo, que solicita a retirada de tramitação desta matéria",
        'Apresentação do REQ n. 3/2020, que "Solicita a retirada do PL 12/2019"',
        "Aprovado o requerimento que solicita a retirada de pauta.",
        "Retirado de pauta, a requerimento do relator.",
        "Retirada de Pauta pelo autor do requerimento.",
        "INDEFERIDA RETIRADA DESTA MENSAGEM. VIDE MSC 434/90-PE.",
        "Deferida a retirada da assinatura do Deputado Fulano.",
        "Requer o autor a retirada do projeto.",
    ],
)
def test_a_withdrawal_that_was_not_granted_is_none(text: str) -> None:
    assert read(text)[1] is None


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("Devolvida ao Autor, nos termos do artigo 137, § 1º, II.", "RETURNED", "RETURNED"),
        ("Devolva-se a proposição, por contrariar o disposto no art. 137. Oficie-se.", "RETURNED", "RETURNED"),
        ("Devolução à CCP", "TRANSFERRED", None),
        ("Devolução ao Relator, Dep. Fulano", "TRANSFERRED", None),
        ("Devolvida sem Manifestação.", "TRANSFERRED", None),
        ("TRANSFORMADO NA LEI ORDINÁRIA 1234/50. DOU", "ENACTED", "ENACTED"),
        ("Transformado no DECRETO LEGISLATIVO 15/93.", "ENACTED", "ENACTED"),
        ("TRANSFORMADO NA RESOLUÇÃO 17/97.", "ENACTED", "ENACTED"),
        ("TRNSFORMADA NO PROJETO DE DECRETO LEGISLATIVO 146/70.", "TRANSFORMED", "TRANSFORMED"),
        ("TRANSFORMADO NO PDC 12/70.", "TRANSFORMED", "TRANSFORMED"),
        ("Transformado no PL-123/1999", "TRANSFORMED", "TRANSFORMED"),
        ("Vetado totalmente. Mensagem 12/99.", "VETOED", "VETOED"),
        ("VETO TOTAL MANTIDO.", "VETOED", "VETOED"),
        ("PREJUDICADA PELO ENCERRAMENTO DOS TRABALHOS DA REVISÃO CONSTITUCIONAL", "MOOT", "MOOT"),
        ("Declarada a prejudicialidade do projeto.", "MOOT", "MOOT"),
        ("Prejudicado o requerimento.", "REQUEST", None),
        ("Prejudicada a emenda nº 1.", "REQUEST", None),
        ("Rejeitado o Projeto. Ao Arquivo.", "REJECTED", "REJECTED"),
        ("Rejeitada a emenda 3.", "VOTED", None),
        ("Rejeitado o Parecer do Relator.", "OPINION", None),
        ("Aprovado o Projeto, ressalvados os destaques.", "APPROVED", "APPROVED"),
        ("APROVAÇÃO UNANIME DO PARECER DO RELATOR, PELA APROVAÇÃO.", "OPINION", None),
        ("Parecer do Relator, Dep. Fulano, pela rejeição deste e pelo arquivamento.", "OPINION", None),
        ("Voto em separado do Dep. Fulano, pela aprovação.", "OPINION", None),
        ("A matéria vai à sanção.", "SENT_FOR_SANCTION", "AWAITING_SANCTION"),
        ("À promulgação.", "SENT_FOR_SANCTION", "AWAITING_SANCTION"),
        ("Vai ao Senado Federal.", "SENT_TO_OTHER_CHAMBER", "SENT_TO_OTHER_CHAMBER"),
        ("Remessa ao Senado Federal por meio do Of. nº 158.", "SENT_TO_OTHER_CHAMBER", "SENT_TO_OTHER_CHAMBER"),
        ("APENSE-SE AO PLP 202/89.", "JOINED", "JOINED"),
        ("Apense-se à(ao) PL-12/2001.", "JOINED", "JOINED"),
        ("Apense-se a este(a) o(a) PL-7878/2010.", "NOTIFIED", None),
        ("Desapense-se do PL 12/2001.", "SEPARATED", "IN_PROGRESS"),
    ],
)  # fmt: skip
def test_deeds(text: str, kind: str, status: str | None) -> None:
    assert read(text)[:2] == (kind, status)


@pytest.mark.parametrize(
    "text",
    [
        "OFÍCIO 12/70, DO SENADO FEDERAL, ENCAMINHANDO AUTÓGRAFO SANCIONADO. DCN1 27 05 70",
        "OF. 31/70 DO SF ENCAMINHANDO AUTÓGRAFO PROMULGADO.",
        "Recebido Ofício nº 610/2025-SF que comunica a restituição de autógrafo do veto parcial, promulgado.",
        "Recebido Ofício nº 100/2024-CN que comunica que foi mantido o veto parcial aposto ao PL 4173/2023.",
        "Remessa do Ofício nº 12/2024/PS-GSE ao Senado Federal, informando restituição de autógrafo sancionado.",
        "Recebido Ofício nº 83/2024-CN, que comunica que o Congresso Nacional rejeitou itens do Veto nº 49/2023.",
        'Apresentação do OF n. 9/2024 (Ofício do Congresso Nacional), que "Comunica a promulgação da parte vetada"',
        "Recebimento do Ofício nº 72/2022 (CN), encaminhando autógrafo promulgado da Emenda Constitucional nº 113/2021",
        'Apresentação do DOC n. 516/2023 (Ofício do Senado Federal), pelo Senado Federal, que "Comunica restituição'
        ' do PL 1085/2023 sancionado".',
    ],
)
def test_a_letter_that_tells_of_a_law(text: str) -> None:
    assert read(text)[:2] == ("ENACTED", "ENACTED")


@pytest.mark.parametrize(
    "text",
    [
        'Apresentação do REQ n. 9/2024, que "Requer informações sobre a Lei 1/2024, sancionada com veto parcial"',
        "Recebido Ofício nº 9/2024-SF que comunica a remessa do projeto à sanção.",
        "Recebido Ofício nº 9/2024-CN que comunica que foi mantido o veto total ao PL 1/2023.",
        "Ofício do Ministro, encaminhando informações.",
        'Apresentação do PLP n. 108/2024, pelo Senado Federal, que "Substitutivo do Senado ao projeto"',
    ],
)
def test_a_letter_that_does_not(text: str) -> None:
    assert read(text)[1] != "ENACTED"


def test_a_letter_about_a_law_makes_no_law_of_a_request() -> None:
    text = "AV 12/93, do Ministro da Fazenda, encaminhando informações sobre a lei sancionada."
    assert read(text, "RIC")[:2] == ("ANSWERED", "ANSWERED")


@pytest.mark.parametrize("type_code", ["RIC", "INC"])
def test_the_executive_answered(type_code: str) -> None:
    answer = "AV 1315-SAP/C. Civil, do Ministro Chefe da Casa Civil, Fulano, com esclarecimentos."
    assert read(answer, type_code)[:2] == ("ANSWERED", "ANSWERED")
    assert read("Recebimento de resposta conforme Ofício nº 12, do Ministério da Saúde.", type_code)[1] == "ANSWERED"
    assert read(answer, "PL")[1] is None
    sent = "REMESSA AO MINISTRO CHEFE DA CASA CIVIL, FULANO DE TAL, ATRAVES DO OF PS/RI 2011/98."
    assert read(sent, type_code)[1] == "AWAITING_ANSWER"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Matéria prejudicada.", "MOOT"),
        ("Proposição retirada pelo autor.", "WITHDRAWN"),
        ("O projeto foi arquivado.", "ARCHIVED"),
        ("Projeto de lei aprovado.", "APPROVED"),
        ("DISCUSSÃO ÚNICA. ENCERRADA A DISCUSSÃO. REJEITADO O PROJETO.", "REJECTED"),
        ("Discussão única. Encerrada a discussão. Adiada a votação.", None),
        ("ARQUVAIDA NOS TERMOS DO REGIMENTO INTERNO.", "ARCHIVED"),
        ("OF SM-219/84, DO SF, COMUNICANDO O ARQUIVAMENTO DESTE PROJETO.", "ARCHIVED"),
        ("Ofício do STF, comunicando que tornou-se desnecessário o pedido com a promulgação da EC 35", None),
        ("Deferido o ofício da CCJ, solicitando anexação deste projeto ao PLP 01/67.", "JOINED"),
    ],
)  # fmt: skip
def test_other_ways_to_say_it(text: str, status: str | None) -> None:
    assert read(text)[1] == status


def test_one_message_withdraws_another() -> None:
    assert read("APROVADA A RETIRADA DA MENSAGEM 175/49.", "MSC")[:2] == ("REQUEST", "APPROVED")
    assert read("APROVADA A RETIRADA DESTA MENSAGEM.", "MSC")[:2] == ("WITHDRAWN", "WITHDRAWN")


def test_an_opinions_own_text_calls_it_an_opinion() -> None:
    assert read("APROVAÇÃO DO PARECER.", "P.C")[:2] == ("APPROVED", "APPROVED")
    assert read("APROVAÇÃO DO PARECER.", "PL")[:2] == ("OPINION", None)
    assert read("Parecer do Relator, pela aprovação.", "PRL")[:2] == ("OPINION", None)


def test_a_requests_own_text_calls_it_a_request() -> None:
    assert read("Deferido o Requerimento n. 12/2023, conforme despacho do seguinte teor:", "REQ")[1] == "APPROVED"
    assert read("APROVAÇÃO DO REQUERIMENTO DO DEP FULANO DE ADIAMENTO DA DISCUSSÃO.", "REQ")[1] is None
    assert read("Prejudicado o requerimento.", "REQ")[1] == "MOOT"
    assert read("Aprovado o Requerimento.", "REQ")[1] == "APPROVED"
    assert read("Rejeitado o recurso.", "REC")[1] == "REJECTED"
    assert read("Rejeitado o recurso.", "PL")[1] is None


@pytest.mark.parametrize(
    "text",
    [
        'Aprovado o parecer que conclui "pelo desarquivamento do projeto".',
        "Deferido o Requerimento nº 3/2020, que “solicita a retirada do PL 12/2019”.",
        'Apresentação do REQ n. 3/2020, pelo Deputado Fulano, que "Requer o desarquivamento do PL 12/2019. Deferido"',
        'Aprovada a emenda que diz: "vai à sanção"',
    ],
)
def test_what_is_quoted_was_not_done(text: str) -> None:
    assert read(text)[1] is None


@pytest.mark.parametrize("text", [None, "", "   ", "Qualquer coisa sem sentido algum", '"Arquivada"'])
def test_nothing_known(text: str | None) -> None:
    assert action_effect(text, "PL") is None


@pytest.mark.timeout(20)  # some milliseconds each; a formula that repeats a repetition would take years
@pytest.mark.parametrize(
    "text",
    ["a o ", "ao ", "o projeto ", "vai a ", "(a) ", "despacho: ", "discussão única. ", "fala o dep x. ",
     "art 1, art 2 e ", "ofício ", "apensação d", "despacho a o projeto vai a ", "desta proposição a o ",
     "aprovação o projeto a "],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    for type_code in ("PL", "RIC", "MSC", "P.C"):
        action_effect(text * 90, type_code)
