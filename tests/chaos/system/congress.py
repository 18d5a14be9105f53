"""What the chambers did in this run, and what a perfect reader would hold now."""

import csv
import io
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from legis_launcher.servers.simulator import Simulator

from chaos.plan import AGENDA_DEEDS, SOURCES, Deed
from chaos.system.agenda_orders import AgendaOrders

MOVING = 24
"""So many bills of each chamber move in a run; the rest stand still."""

_SENATORS = ("lista/atual", "afastados", *(f"lista/legislatura/{number}" for number in range(50, 58)))
_SENATOR = re.compile(r"'IdentificacaoParlamentar': {'CodigoParlamentar': '(\d+)'[^{}]*?'NomeParlamentar': '([^']*)'")
"""A senator in a list; substitutes inside the row have a code too."""

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Move:
    """A bill reached `actions` entries in its history at a moment of our clock."""

    key: Key
    actions: int
    at: float


class Congress:
    """The one hand that moves bills, so that every move and its moment are known."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.agenda = AgendaOrders(simulator)
        self.moves: list[Move] = []
        self.actions: dict[Key, int] = {}
        self.poisoned: set[Key] = set()
        self.deleted: set[Key] = set()
        self.movers: dict[str, list[int]] = {}
        self.by_year: dict[str, dict[int, set[int]]] = {source: {} for source in SOURCES}

    def look_around(self, years: Iterable[int]) -> None:
        """Learns before the run which bills there are, by the years the backfill reads, and which of them will move."""
        for source in SOURCES:
            known = [bill["id"] for bill in self._all(source) if not bill["deleted"]]
            self.movers[source] = known[-MOVING:]
            for identifier in self.movers[source]:
                self.actions[source, identifier] = self.history_length(source, identifier)
        for year in years:
            self.by_year["camara"][year] = set(self._ids_of_file(year))
            rows = self._simulator.get(f"/senado/dadosabertos/processo.json?ano={year}")
            self.by_year["senado"][year] = {int(row["id"]) for row in rows or ()}

    def do(self, deed: Deed) -> None:
        """One deed of the plan."""
        if deed.kind == "create":
            self.create(deed.source)
            return
        if deed.kind in AGENDA_DEEDS:
            self.agenda.give(deed.kind, deed.source, deed.pick, self.movers[deed.source])
            return
        identifier = self.movers[deed.source][deed.pick % len(self.movers[deed.source])]
        self.change(deed.source, identifier)

    def change(self, source: str, identifier: int) -> None:
        """One more entry in a bill's history; its moment is taken when it is surely there."""
        key = (source, identifier)
        if key in self.deleted:
            return
        self._simulator.post("/control/change", {"source": source, "id": identifier})
        self.actions[key] += 1
        self.moves.append(Move(key, self.actions[key], time.time()))

    def create(self, source: str) -> int:
        """A new bill."""
        identifier = int(self._simulator.post("/control/create", {"source": source})["id"])
        self.actions[source, identifier] = 1
        self.moves.append(Move((source, identifier), 1, time.time()))
        return identifier

    def create_poisoned(self, source: str, variant: str) -> None:
        """A new bill that cannot be read, from its first moment but one."""
        # ordered before it is made: the next id is the last one and a step
        known = self._all(source)
        following = known[-1]["id"] + (known[1]["id"] - known[0]["id"])
        value = {"ids": [following], "variant": variant}
        self._simulator.post("/control/faults", {"source": source, "kind": "poison_record", "value": value})
        made = int(self._simulator.post("/control/create", {"source": source})["id"])
        if made != following:
            raise AssertionError(f"{source} made {made}, {following} was expected")
        self.poisoned.add((source, made))

    def delete_one(self, source: str) -> None:
        """An old bill that does not move vanishes from every answer."""
        movers = set(self.movers[source])
        for bill in self._all(source):
            key = (source, int(bill["id"]))
            if not bill["deleted"] and bill["id"] not in movers and key not in self.deleted:
                self._simulator.post("/control/delete", {"source": source, "id": bill["id"]})
                self.deleted.add(key)
                return

    def truth(self) -> dict[Key, dict[str, Any]]:
        """Every bill as the chambers show it now, those deleted too."""
        return {(source, int(bill["id"])): bill for source in SOURCES for bill in self._all(source)}

    def days(self) -> tuple[str, str]:
        """The first and last day around now whose meetings every poll lists, in both chambers."""
        today = datetime.fromisoformat(self._simulator.get("/control")["now"]).date()
        return (today - timedelta(days=5)).isoformat(), (today + timedelta(days=25)).isoformat()

    def meetings(self, source: str) -> dict[str, dict[str, Any]]:
        """The meetings of these days as the chamber has them, by our ids."""
        first, last = self.days()
        found = self._simulator.get(f"/truth/meetings?source={source}&first={first}&last={last}")
        return {f"{source}-{_word(meeting)}-{meeting['id']}": meeting for meeting in found}

    def votings_of_year(self, source: str) -> set[str]:
        """Ids of ours of the votings (of the Senado those of the plenary) that its file or list of this year shows."""
        year = self.days()[0][:4]
        if source == "camara":
            return {f"camara-vote-{key}" for key in self._columns(f"votacoes/csv/votacoes-{year}.csv")}
        rows = self._simulator.get(f"/senado/dadosabertos/votacao.json?ano={year}")
        return {f"senado-vote-{row['codigoSessaoVotacao']}" for row in rows or ()}

    def people(self, source: str) -> tuple[dict[str, str], set[str]]:
        """Ids of ours of who is in office with their names, and of all whom the chamber's lists have."""
        if source == "camara":
            rows = self._simulator.get("/camara/api/v2/deputados?itens=1000")["dados"]
            current = {f"camara-deputy-{row['id']}": str(row["nome"]) for row in rows}
            uris = self._columns("deputados/csv/deputados.csv")
            return current, current.keys() | {f"camara-deputy-{uri.rsplit('/', 1)[-1]}" for uri in uris}
        lists = [str(self._simulator.get(f"/senado/dadosabertos/senador/{path}.json")) for path in _SENATORS]
        found = [{f"senado-senator-{code}": name for code, name in _SENATOR.findall(text)} for text in lists]
        return found[0], set().union(*found)

    def bodies(self, source: str) -> dict[str, set[str]]:
        """Ids of ours of the bodies that are at work, as the chamber lists them, each with its names there."""
        if source == "senado":
            told = self._simulator.get("/senado/dadosabertos/comissao/lista/colegiados.json")
            rows = told["ListaColegiados"]["Colegiados"]["Colegiado"]
            return {f"senado-org-{row['Codigo']}": {str(row["Nome"])} for row in rows if row["SiglaCasa"] != "CD"}
        first = f"dataInicio={self.days()[0]}&itens=100"
        pages = [self._simulator.get(f"/camara/api/v2/orgaos?{first}&pagina={page}")["dados"] for page in (1, 2, 3)]
        names = ("nome", "apelido", "nomePublicacao")
        return {f"camara-org-{row['id']}": {str(row[name]) for name in names} for page in pages for row in page}

    def history_length(self, source: str, identifier: int) -> int:
        """Entries that upstream shows in a bill's history."""
        if source == "camara":
            return len(self._simulator.get(f"/camara/api/v2/proposicoes/{identifier}/tramitacoes")["dados"])
        detail = self._simulator.get(f"/senado/dadosabertos/processo/{identifier}.json")
        return sum(len(part.get("informesLegislativos") or ()) for part in detail.get("autuacoes") or ())

    def busiest_seconds(self) -> dict[str, int]:
        """The most requests that each chamber met in any one second."""
        return {name: entry["max_in_one_second"] for name, entry in self._simulator.get("/truth/requests").items()}

    def _all(self, source: str) -> list[dict[str, Any]]:
        page = self._simulator.get(f"/truth/bills?source={source}&limit=10000")
        return list(page["bills"])

    def _ids_of_file(self, year: int) -> Iterable[int]:
        found = self._columns(f"proposicoes/csv/proposicoes-{year}.csv")
        return (int(first) for first in found if first.isdigit())

    def _columns(self, path: str) -> list[str]:
        """The first column of a file of the Câmara, without its head; nothing where there is no such file."""
        try:
            with urllib.request.urlopen(f"{self._simulator.url}/camara/arquivos/{path}", timeout=30) as reply:
                text = reply.read().decode("utf-8-sig")
        except urllib.error.HTTPError as error:
            with error:
                return []  # a year without rows has no file
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")  # a field may have line breaks
        return [row[0] for row in rows if row][1:]


def _word(meeting: Mapping[str, Any]) -> str:
    if meeting["source"] == "camara":
        return "event"
    return "session" if meeting["body"] == "PLEN" else "meeting"
