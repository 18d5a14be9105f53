"""Yearly files on disk, read in pieces: whole ones, cut ones, and files that are something else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from ingest_camara.client.yearly_files import Line, YearFile, read_lines
from ingest_camara.wire.bulk import BulkTheme, ThemeLayout
from legis.errors import UpstreamSchemaChanged, UpstreamUnavailable

HEAD = '\ufeff"uriProposicao";"siglaTipo";"numero";"ano";"codTema";"tema";"relevancia"\n'
ROW = '"https://dadosabertos.camara.leg.br/api/v2/proposicoes/{n}";"PL";"{n}";"2020";"46";"Educação\ne ""saber""";"0"\n'


async def read(folder: Path, content: str | bytes) -> list[Line[BulkTheme]]:
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    lines: list[Line[BulkTheme]] = []
    async for some in read_lines(YearFile(path, "http://files/file.csv", datetime.now(UTC)), ThemeLayout):
        lines += some
    return lines


def rows(count: int) -> str:
    return HEAD + "".join(ROW.format(n=n) for n in range(1, count + 1))


async def test_a_whole_file(tmp_path: Path) -> None:
    lines = await read(tmp_path, rows(3000))
    assert [line.row.id for line in lines if line.row] == [str(n) for n in range(1, 3001)]
    assert {line.row.tema for line in lines if line.row} == {'Educação\ne "saber"'}
    assert lines[0].raw.decode() == ROW.format(n=1).rstrip("\n")


async def test_a_last_row_without_a_line_end_is_whole_if_its_cells_are(tmp_path: Path) -> None:
    assert len(await read(tmp_path, rows(5).rstrip("\n"))) == 5


async def test_a_file_without_rows(tmp_path: Path) -> None:
    assert await read(tmp_path, HEAD) == []


@pytest.mark.parametrize("left", [3, 4, 8, 30, 45, 90])
async def test_a_file_that_is_cut_anywhere_within_its_last_row(tmp_path: Path, left: int) -> None:
    with pytest.raises(UpstreamUnavailable):
        await read(tmp_path, rows(5)[:-left])


@pytest.mark.parametrize("content", ["", HEAD.rstrip("\n")])
async def test_an_empty_file(tmp_path: Path, content: str) -> None:
    with pytest.raises(UpstreamUnavailable, match="no header"):
        await read(tmp_path, content)


async def test_a_page_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(UpstreamSchemaChanged, match="columns missing"):
        await read(tmp_path, "<html>\n<body>Sistema em manutenção</body>\n</html>\n")


async def test_one_bad_row_is_told_with_its_bytes(tmp_path: Path) -> None:
    good = rows(4).encode()
    lines = await read(tmp_path, good + b'"https://x/5";"PL";"\xc3\x28";"2020";"46";"x";"0"\n"https://x/6";"PL"\n')
    assert [line.row is None for line in lines] == [False, False, False, False, True, True]
    assert b"\xc3\x28" in lines[4].raw
    assert "2 cells where the header has 7" in str(lines[5].error)


async def test_a_file_of_which_most_rows_do_not_fit(tmp_path: Path) -> None:
    with pytest.raises(UpstreamSchemaChanged, match="do not fit"):
        await read(tmp_path, rows(10) + '"https://x/1";"other"\n' * 40)
