"""Totals out of prose: as they are typed, misspelt, and where there are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.vote_totals import option_named, published_counts, totals_in
from legis.domain.voting import VoteOption


def counts(text: str | None) -> tuple[int, ...] | None:
    found = published_counts(text)
    return found and (found.yes, found.no, found.abstain, found.other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sim: 236; Não: 178; Total: 414.", (236, 178, 0, 0)),
        ("Mantido o texto. Sim: 328; não: 160; abstenção: 2; total: 490.", (328, 160, 2, 0)),
        ("Sim 163; não: 256; total: 419.", (163, 256, 0, 0)),
        ("Resultado: Sim, 11; Não: 32; Obstrução: 7. Total: 43.", (11, 32, 0, 7)),
        ('resultado:  39 votos "Sim", 18 votos "Não". Quórum de votação: 57 votos.', (39, 18, 0, 0)),
        ("com 21 votos sim, 3 votos não e 1 voto abstenção", (21, 3, 1, 0)),
        ("Sim: 21 ; Não: 10 ; Abstenção: 1; Total: 32.", (21, 10, 1, 0)),
        ("Votos: Fulana de Tal: Sim: 388; Não: 22; Abstenção: 11; Total: 421.", (388, 22, 11, 0)),
        ("Sim: 72, Pres.: 1, Não: 0, Total: 73.", (72, 0, 0, 1)),
        ("sim – 34; não – 21; abst. - 1; Presidente - 1; Total - 57.", (34, 21, 1, 1)),
        ("Sim: 251; Não: 9; Art. 17: 1; Total: 261.", (251, 9, 0, 1)),
        ("Não: 178; Sim: 236.", (236, 178, 0, 0)),
        # as typed by hand
        ("Sim: 297; não; 232; Total: 529.", (297, 232, 0, 0)),
        ("Sim: 288; Não, 10; Total: 298.", (288, 10, 0, 0)),
        ("Sim: 288; Nâo: 10; abtenção: 4; Total: 302.", (288, 10, 4, 0)),
        ("Sin: 288; Nao: 10; Absteção: 4.", (288, 10, 4, 0)),
        ("Sim: 8; Naõ: 7; ABSTENÇÕES: 3; Obstrucao: 2", (8, 7, 3, 2)),
        ("Sim = 8, não = 7", (8, 7, 0, 0)),
        ("SIM:300;NÃO:100;ABSTENÇAO:2", (300, 100, 2, 0)),
        ("Votos SIM: 11 / NÃO: 1 / Abs.: 0 / Subscrito pelos deputados", (11, 1, 0, 0)),
        # unanimous
        ("Aprovado o Requerimento. Sim: 415; total: 415.", (415, 0, 0, 0)),
        ("Rejeitado. Não: 312; abstenção: 1; total:313.", (0, 312, 1, 0)),
        ("Sim: 415; total: 414.", None),
        # numbers that are no totals
        ("Rejeitada a Emenda nº 2. Sim: 5; não: 300.", (5, 300, 0, 0)),
        ("Rejeitadas as Emendas de nºs 2, 3 e 4 nas 2 votações. Sim: 5; não: 300.", (5, 300, 0, 0)),
        ("Presentes: 414. Sim: 236; Não: 178.", (236, 178, 0, 0)),
        ("Aprovado o Parecer.", None),
        ("Dep. Fulano votou sim.", None),
        ("Sim: 10.", None),
        ("Aprovado o Requerimento nº 12, sem 3 destaques.", None),
        ("", None),
        (None, None),
    ],
)
def test_totals_out_of_prose(text: str | None, expected: tuple[int, ...] | None) -> None:
    assert counts(text) == expected


def test_each_set_of_totals_stands_by_itself() -> None:
    text = "Em primeiro turno: Sim: 72, Não: 1. Encerrada a discussão. Em segundo turno: Sim: 70, Não: 2, Total: 72."
    found = list(totals_in(text))
    assert [(one.counts.yes, one.counts.no) for one in found] == [(72, 1), (70, 2)]
    assert "segundo" in text[found[0].end : found[1].start]


@pytest.mark.parametrize(
    ("word", "option"),
    [("Sim", VoteOption.YES), ("NÃO", VoteOption.NO), ("Nâo", VoteOption.NO), ("Sin", VoteOption.YES),
     ("Abstenção", VoteOption.ABSTAIN), ("Absteçao", VoteOption.ABSTAIN), ("Obstrução", VoteOption.OBSTRUCTION),
     ("Talvez", None), ("Branco", None), ("Total", None), ("x", None), ("", None)],
)  # fmt: skip
def test_what_a_word_means(word: str, option: VoteOption | None) -> None:
    assert option_named(word) is option


@given(st.integers(0, 513), st.integers(0, 513), st.integers(0, 20), st.sampled_from([":", ",", ";", " -", " ="]))
def test_whatever_the_sign_and_the_figures(yes: int, no: int, abstain: int, sign: str) -> None:
    text = f"Aprovado. Sim{sign} {yes}; não{sign} {no}; abstenção{sign} {abstain}; total{sign} {yes + no + abstain}."
    assert counts(text) == (yes, no, abstain, 0)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert published_counts(text) is None or max(text) >= "1"
