"""Maps the Senado's types of authors to `SponsorKind`."""

from legis.domain.vocabulary import SponsorKind

from ingest_senado.vocabulary.folding import count_unknown, upper


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEGISLATORS = frozenset({"SENADOR", "DEPUTADO", "PARLAMENTAR", "LIDER", "CONGRESSISTA", "SENADOR_SUPLENTE"})
_OTHERS = frozenset({"CIDADAO", "INICIATIVA_POPULAR", "AUTORIA_MULTIPLA", "PESSOA_FISICA", "JOVEM_SENADOR"})
_BODIES = _words(
    "AGENCIA_REGULADORA ASSEMBLEIAS_LEGISLATIVAS AUTARQUIA_FEDERAL AUTORIDADE_CONSTITUCIONAL NAO_CAT_AUTORIDADE "
    "BNDES BANCO_CENTRAL BANCO_ESTATAL COLEGIADO COMISSAO CMO COMISSAO_CAMARA COMISSAO_CONGRESSO "
    "COMISSAO_SENADO COMISSAO_SENADO_CAMARA COMISSAO_SENADO_SENADOR COMITE_CMO CONGRESSO CONSELHO_NACIONAL CCS "
    "CONSORCIO_PUBLICO CONTROLADOR_GERAL CAMARA_MUNICIPAL CAMARA DEFENSOR_GERAL ENTE_JURIDICO GOVERNADOR "
    "MESAS_SF_CD MINISTERIO MINISTERIO_PUBLICO_UNIAO PARTIDO_POLITICO JUDICIARIO PRESIDENTE_CD "
    "PRESIDENTE_MESA_CN PRESIDENTE_REPUBLICA SENADO SUPREMO_TRIBUNAL"
)

_BODY_STEMS = tuple(
    _words(
        "COMISSAO TRIBUNAL MESA MINISTERIO PRESIDENTE CONSELHO SUPREMO SUPERIOR TCU PROCURADOR SECRETARIA "
        "ENTIDADE ORGAO NAO_CAT FUNDACAO EMPRESA"
    )
)


def sponsor_kind(type_code: str | None, legislator_id: int | None) -> SponsorKind:
    """LEGISLATOR where there is a legislator's id; else the kind of the type; an unknown type is OTHER, counted."""
    if legislator_id is not None:
        return SponsorKind.LEGISLATOR
    code = upper(type_code or "")
    if code in _LEGISLATORS:
        return SponsorKind.LEGISLATOR
    if code in _BODIES or code.startswith(_BODY_STEMS):
        return SponsorKind.ORGANIZATION
    if code and code not in _OTHERS:
        count_unknown("author_type")
    return SponsorKind.OTHER
