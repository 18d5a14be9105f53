"""Histories of the deprecated services: proceedings, rapporteurs, documents and votings."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from legis.domain.bill import Action, Document, Organization, Rapporteur, Vote, VoteEvent
from legis.domain.vocabulary import DocumentKind

from ingest_senado.legacy.legacy_history_records import (
    Committee,
    LegacyRapporteur,
    LegacyText,
    LegacyVote,
    LegacyVoting,
    Sitting,
    StepNode,
)
from ingest_senado.normalizer.addresses import attached
from ingest_senado.normalizer.notes import Notes
from ingest_senado.normalizer.votings import judged, totals
from ingest_senado.vocabulary.actions import action_kind
from ingest_senado.vocabulary.chambers import chamber, yes_no
from ingest_senado.vocabulary.documents import document_kind
from ingest_senado.vocabulary.votes import vote_option


def actions(steps: Iterable[StepNode], notes: Notes) -> tuple[Action, ...]:
    """The proceedings, oldest first; upstream lists the newest first and numbers the entries of each day."""
    ordered = sorted(
        steps,
        key=lambda node: (
            node.IdentificacaoTramitacao.DataTramitacao or "",
            node.IdentificacaoTramitacao.NumeroOrdemTramitacao or 0,
            node.IdentificacaoTramitacao.CodigoTramitacao,
        ),
    )
    return tuple(_action(node, notes) for node in ordered)


def _action(node: StepNode, notes: Notes) -> Action:
    step = node.IdentificacaoTramitacao
    situation = step.Situacao
    origin = step.OrigemTramitacao.Local if step.OrigemTramitacao else None
    body = None
    if origin is not None:
        code = None if origin.CodigoLocal is None else str(origin.CodigoLocal)
        body = Organization(
            code=code, acronym=origin.SiglaLocal, name=origin.NomeLocal, chamber=chamber(origin.SiglaCasaLocal)
        )
    when = notes.time(step.DataTramitacao, "actions")
    sign = situation.SiglaSituacao if situation else None
    return Action(
        date=when.date if when else None,
        at=when.at if when else None,
        kind=action_kind(step.TextoTramitacao, sign),
        kind_code="TRAMITACAO",
        description=step.TextoTramitacao,
        organization=body,
        status_code=sign,
        status_text=situation.DescricaoSituacao if situation else None,
        documents=tuple(_documents(node.Textos, notes)),
        upstream_id=str(step.CodigoTramitacao),
    )


def documents(texts: Sequence[LegacyText], notes: Notes) -> tuple[tuple[Document, ...], list[dict[str, Any]]]:
    """The bill's documents, the texts of the bill first; amendments, which may be thousands, go into the extras."""
    amendments = [text for text in texts if document_kind(None, text.DescricaoTipoTexto) is DocumentKind.AMENDMENT]
    found = list(_documents([text for text in texts if text not in amendments], notes))
    found.sort(key=lambda document: document.kind is not DocumentKind.FULL_TEXT)
    return tuple(found), [text.model_dump(exclude_none=True) for text in amendments]


def _documents(texts: Iterable[LegacyText], notes: Notes) -> Iterator[Document]:
    for text in texts:
        if text.UrlTexto:
            document = attached(
                text.UrlTexto,
                document_kind(None, text.DescricaoTipoTexto),
                kind_text=text.DescricaoTipoTexto,
                title=text.DescricaoTexto,
                on=notes.day(text.DataTexto, "documents"),
                number=text.CodigoTexto,
            )
            yield document.model_copy(update={"media_type": text.FormatoTexto}) if text.FormatoTexto else document


def rapporteurs(rows: Iterable[LegacyRapporteur], notes: Notes) -> tuple[Rapporteur, ...]:
    """All duties to report, oldest first."""
    ordered = sorted(rows, key=lambda row: (row.DataDesignacao or "", row.DataDestituicao or ""))
    return tuple(_rapporteur(row, notes) for row in ordered)


def _rapporteur(row: LegacyRapporteur, notes: Notes) -> Rapporteur:
    member = row.IdentificacaoParlamentar
    code = member.CodigoParlamentar if member else None
    designated_on = notes.day(row.DataDesignacao, "rapporteurs")
    party = notes.party("rapporteurs", member.SiglaPartidoParlamentar if member else None, designated_on)
    return Rapporteur(
        name=member.NomeParlamentar if member else None,
        legislator_id=None if code is None else str(code),
        party=party.party,
        party_text=party.text,
        state=member.UfParlamentar if member else None,
        organization=_committee(row.IdentificacaoComissao),
        designated_on=designated_on,
        ended_on=notes.day(row.DataDestituicao, "rapporteurs"),
        end_reason_text=row.DescricaoMotivoDestituicao,
    )


def _committee(node: Committee | None) -> Organization | None:
    if node is None:
        return None
    return Organization(
        code=None if node.CodigoComissao is None else str(node.CodigoComissao),
        acronym=node.SiglaComissao,
        name=node.NomeComissao,
        chamber=chamber(node.SiglaCasaComissao),
    )


def vote_events(rows: Iterable[LegacyVoting], notes: Notes) -> tuple[VoteEvent, ...]:
    """Every voting, oldest first. A voting without a code is identified by its sitting and its position in it."""
    ordered = sorted(rows, key=lambda row: ((row.SessaoPlenaria or Sitting()).DataSessao or "", _voting_key(row, 0)))
    return tuple(_event(row, place, notes) for place, row in enumerate(ordered, 1))


def _voting_key(row: LegacyVoting, place: int) -> str:
    if row.CodigoSessaoVotacao is not None:
        return str(row.CodigoSessaoVotacao)
    sitting = row.SessaoPlenaria.CodigoSessao if row.SessaoPlenaria else None
    return f"sessao-{sitting}-{place}"


def _event(row: LegacyVoting, place: int, notes: Notes) -> VoteEvent:
    sitting = row.SessaoPlenaria or Sitting()
    # The hour is that of the beginning of the sitting, not of the voting.
    when = notes.time(sitting.DataSessao, "vote_events")
    day = when.date if when else None
    secret = yes_no(row.IndicadorVotacaoSecreta)
    votes = tuple(vote for item in row.Votos if (vote := _vote(item, notes, day, secret=bool(secret))) is not None)
    published = totals((row.TotalVotosSim, row.TotalVotosNao, row.TotalVotosAbstencao), votes)
    return VoteEvent(
        upstream_id=_voting_key(row, place),
        date=day,
        description=row.DescricaoVotacao,
        result_text=row.DescricaoResultado,
        **judged(row.DescricaoVotacao, None, row.DescricaoResultado, published, votes, secret=secret),
    )


def _vote(item: LegacyVote, notes: Notes, day: date | None, *, secret: bool) -> Vote | None:
    member = item.IdentificacaoParlamentar
    if member is None or member.NomeParlamentar is None:
        return None
    party = notes.party("vote_events", member.SiglaPartidoParlamentar, day)
    return Vote(
        legislator_id=None if member.CodigoParlamentar is None else str(member.CodigoParlamentar),
        name=member.NomeParlamentar,
        party=party.party,
        party_text=party.text,
        state=member.UfParlamentar,
        option=vote_option(item.SiglaVoto, item.DescricaoVoto, secret=secret),
        option_text=(item.SiglaVoto or item.DescricaoVoto or "").strip() or None,
    )
