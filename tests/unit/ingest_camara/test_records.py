"""Records of a CSV file that arrives in pieces, and their binding to rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest_camara.client.csv_records import LONGEST_RECORD, RecordSplitter, parse
from ingest_camara.wire.bulk import AuthorLayout, Header, ProposalLayout, ThemeLayout
from legis.errors import UpstreamUnavailable

HEAD = b'\xef\xbb\xbf"id";"uri";"ementa"\n'


def split(data: bytes, size: int) -> list[bytes]:
    splitter = RecordSplitter()
    records = [r for at in range(0, len(data), size) for r in splitter.feed(data[at : at + size])]
    last = splitter.finish()
    return [*records, last] if last else records


CELLS = st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=4)


@given(st.lists(CELLS, max_size=5), st.integers(1, 40))
def test_whatever_the_pieces_the_cells_come_back(rows: list[list[str]], size: int) -> None:
    data = "".join(";".join('"' + c.replace('"', '""') + '"' for c in row) + "\n" for row in rows).encode()
    assert [parse(record) for record in split(b"\xef\xbb\xbf" + data, size)] == rows


def test_line_breaks_within_fields_end_no_record() -> None:
    data = HEAD + b'"1";"https://x/1";"a\r\nb\n\nc"\n"2";"https://x/2";"d"\n'
    for size in (1, 7, 1000):
        assert [parse(r) for r in split(data, size)][1:] == [
            ["1", "https://x/1", "a\r\nb\n\nc"],
            ["2", "https://x/2", "d"],
        ]


def test_a_stray_quote_costs_its_own_record_only() -> None:
    data = HEAD + b'"1";"https://x/1";"a "quoted word"\n"2";"https://x/2";"b"\n"3";"https://x/3";"c"\n'
    records = split(data, 9)
    with pytest.raises(ValueError, match="no CSV record"):
        parse(records[1])
    assert [parse(r)[0] for r in records[2:]] == ["2", "3"]


def test_a_field_that_never_ends_is_given_up() -> None:
    splitter = RecordSplitter()
    endless = b'"1";"x' + b"\n".join([b"y" * 1000] * (LONGEST_RECORD // 1000 + 10)) + b"\n"
    records = splitter.feed(HEAD + endless)
    assert len(records[1]) < LONGEST_RECORD + 3000
    with pytest.raises(ValueError, match="no CSV record"):
        parse(records[1])


def test_a_file_cut_within_a_field_is_unfinished() -> None:
    splitter = RecordSplitter()
    splitter.feed(HEAD + b'"1";"https://x/1";"never')
    with pytest.raises(UpstreamUnavailable):
        splitter.finish()


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        parse(b'"1";"a\xc3\x28"')


def layout(*extra: str) -> ProposalLayout:
    status = "dataHora sequencia uriRelator idOrgao siglaOrgao uriOrgao regime descricaoTramitacao idTipoTramitacao"
    more = "descricaoSituacao idSituacao despacho url"
    own = (
        "id uri siglaTipo numero ano codTipo descricaoTipo ementa ementaDetalhada keywords dataApresentacao "
        "uriOrgaoNumerador uriPropAnterior uriPropPrincipal uriPropPosterior urlInteiroTeor urnFinal"
    )
    columns = [*own.split(), *(f"ultimoStatus_{name}" for name in f"{status} {more}".split()), *extra]
    return ProposalLayout(Header(columns))


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ([""] * 30, "no numbers"),
        (["1"] * 29, "29 cells where the header has 30"),
        (["1", "u", "PL", "não é número", "2020", *[""] * 25], "no numbers"),
        (["1", "u", "PL", "7", "2020", *[""] * 5, "0000-13-45T99:99:99", *[""] * 19], "no date"),
        (["x1", "u", "PL", "7", "2020", *[""] * 25], "no numbers"),
    ],
)
def test_rows_whose_cells_slipped_are_refused(cells: list[str], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        layout().bind(cells)


def test_empty_cells_are_no_reason() -> None:
    row = layout("ultimoStatus_apreciacao").bind(["1", "u", "", "", "0", *[""] * 26])
    assert (row.id, row.numero, row.statusProposicao.apreciacao) == ("1", "", "")
    assert row.statusProposicao.has("apreciacao")
    assert not layout().bind(["1", "u", "", "", "0", *[""] * 25]).statusProposicao.has("apreciacao")


def test_a_header_without_our_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="columns missing: codTema"):
        ThemeLayout(Header(["uriProposicao", "tema"]))
    with pytest.raises(ValueError, match="columns missing"):
        AuthorLayout(Header(["<html>"]))


def test_themes_name_their_bill_by_address() -> None:
    bound = ThemeLayout(Header(["uriProposicao", "codTema", "tema"])).bind(
        ["https://x/proposicoes/77", "46", "Educação"]
    )
    assert (bound.id, bound.codTema) == ("77", "46")
