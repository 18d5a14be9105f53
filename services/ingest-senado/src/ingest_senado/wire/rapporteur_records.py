"""Models of the rows of `/processo/relatoria`, with the Senado's field names."""

from typing import ClassVar

from ingest_senado.wire.wire_model import Text, Whole, WireModel, names


class RapporteurRow(WireModel):
    """One duty to report. Missing values are explicit nulls; `tramitando` is `S`/`N` in this service."""

    key: ClassVar[str] = "idProcesso"
    id_prefix: ClassVar[str | None] = ""

    id: Whole
    idProcesso: Whole | None = None
    nomeParlamentar: Text | None = None
    codigoParlamentar: Whole | None = None
    siglaPartidoParlamentar: Text | None = None
    ufParlamentar: Text | None = None
    codigoColegiado: Whole | None = None
    siglaColegiado: Text | None = None
    nomeColegiado: Text | None = None
    siglaCasa: Text | None = None
    dataDesignacao: Text | None = None
    dataDestituicao: Text | None = None
    descricaoTipoEncerramento: Text | None = None

    carried: ClassVar[frozenset[str]] = names(
        "casaRelator codigoTipoColegiado dataFimColegiado descricaoTipoRelator idTipoRelator numeroAutuacao"
    )
    implied: ClassVar[frozenset[str]] = names(
        "autoriaProcesso codigoMateria dataApresentacaoProcesso emailParlamentar ementaProcesso "
        "formaTratamentoParlamentar identificacaoProcesso nomeCompleto sexoParlamentar tramitando "
        "urlFotoParlamentar urlPaginaParlamentar"
    )
