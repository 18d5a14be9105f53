"""A server that lies in the ways the Senado has lied."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from contract.senado_source.reading import NOW
from legis.domain.brasilia_time import ZONE

Answer = Callable[[web.Request], Any]


@dataclass
class Liar:
    """A server whose answers a test scripts by path; unscripted lists are empty."""

    base: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        self.headers.append(dict(request.headers))
        answer = self.answers.get(request.path)
        content = [] if answer is None else answer(request)
        if content is None:
            return web.json_response({"status": 404}, status=404, content_type="application/problem+json")
        if isinstance(content, int):
            return web.Response(status=content)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return web.Response(body=body, content_type="application/json")

    def count(self, part: str) -> int:
        return sum(part in one for one in self.asked)


def row(number: int, of: int = 2024, at: datetime = NOW, **values: Any) -> dict[str, Any]:
    stamp = at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S.000")
    return {"id": number, "codigoMateria": number + 7, "identificacao": f"PL {number}/{of}", "ementa": "Dispõe.",
            "situacaoAtual": "APROVADA", "tramitando": "Não", "dataUltimaAtualizacao": stamp, **values}  # fmt: skip


def full(number: int, of: int = 2024, at: datetime = NOW, **values: Any) -> dict[str, Any]:
    stamp = at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S.000000")
    return {"id": number, "codigoMateria": number + 7, "identificacao": f"PL {number}/{of}", "tramitando": "Não",
            "conteudo": {"ementa": "Dispõe."}, "situacaoAtual": "APROVADA", "dthUltimaAtualizacao": stamp,
            **values}  # fmt: skip


def voting(number: int, of: int, **values: Any) -> dict[str, Any]:
    return {"codigoSessaoVotacao": number, "idProcesso": of, "dataSessao": "2026-11-10", "votacaoSecreta": "N",
            "resultadoVotacao": "A", "votos": [{"nomeParlamentar": "Ana", "siglaVotoParlamentar": "Sim"}],
            **values}  # fmt: skip
