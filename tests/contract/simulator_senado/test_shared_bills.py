"""The simulator's Senado agrees with its Câmara about shared bills."""

from contract.simulator_senado.client import Client


async def test_numbers_that_are_traps(client: Client) -> None:
    identifiers = [row["identifier"] for row in await client.every_bill()]
    suffixed = [text for text in identifiers if text.endswith("(Substitutivo-CD)")]
    assert suffixed
    assert all(text.removesuffix(" (Substitutivo-CD)") in identifiers for text in suffixed)
    assert any(text.startswith("RQS S/NRO/") for text in identifiers)
    assert any(text.startswith("MPV ") and "-" in text for text in identifiers)
    assert any(text.startswith("REQ ") and " - C" in text for text in identifiers)
    measures = [row for row in await client.get("/processo", sigla="MPV", tramitouLegislaturaAtual="S")]
    assert {row["casaIdentificadora"] for row in measures} == {"CN"}


async def test_pairs_are_visible_on_both_sides(client: Client) -> None:
    pairs = await client.truth("pairs")
    assert {pair["kind"] for pair in pairs} == {
        "same_number_from_camara", "same_number_from_senado", "renumbered", "renumbered_in_both", "pre_2019_other_type",
        "provisional_measure", "decoy",
    }  # fmt: skip
    for pair in [*pairs[::11], *(pair for pair in pairs if pair["kind"].startswith("renumbered"))]:
        ours = await client.get(f"/processo/{pair['senado_id']}")
        theirs = await client.camara(f"/proposicoes/{pair['camara_id']}")
        number = f"{theirs['siglaTipo'].strip()} {theirs['numero']}/{theirs['ano']}"
        title, other = ours["conteudo"]["ementa"], theirs["ementa"] or ""
        if pair["kind"] == "decoy":
            assert number == ours["identificacao"]
            assert title != other
            continue
        assert other == "" or other.startswith(title)
        if ours["objetivo"] == "Revisora":
            kind, rest = pair["origin"].split(" ")
            first, year = rest.split("/")
            assert ours["siglaCasaIniciadora"] == "CD"
            assert ours["identificacaoProcessoInicial"] == pair["origin"]
            entry = ours["outrosNumeros"][0]
            assert (entry["casaIdentificadora"], entry["sigla"], entry["numero"], entry["ano"]) == (
                "CD", kind, first.zfill(5), int(year),
            )  # fmt: skip
        if pair["kind"] == "renumbered_in_both":
            assert number == ours["identificacao"] != pair["origin"]
            assert theirs["ano"] > int(theirs["dataApresentacao"][:4])
        if pair["kind"] == "renumbered":
            assert number == pair["origin"] != ours["identificacao"]


async def test_from_2019_equal_numbers_mean_the_same_bill(client: Client) -> None:
    of_camara = {
        row["identifier"]: row["id"] for row in (await client.truth("bills?source=camara&limit=10000"))["bills"]
    }
    paired = {(pair["camara_id"], pair["senado_id"]) for pair in await client.truth("pairs") if pair["same_bill"]}
    shared = 0
    for row in await client.every_bill():
        text = row["identifier"]
        if (
            text.split(" ")[0] in ("PL", "PLP", "PEC", "PDL")
            and int(text.split("/")[1][:4]) >= 2019
            and text in of_camara
        ):
            assert (of_camara[text], row["id"]) in paired
            shared += 1
    assert shared > 50
