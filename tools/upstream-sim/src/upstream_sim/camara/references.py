"""Small reference tables of the Câmara; `cod` is a string in them, and a number in bills."""

from typing import Any, Final

from upstream_sim.camara.steps import STEPS
from upstream_sim.congress.kinds import CAMARA_KINDS
from upstream_sim.congress.themes import THEMES


def _row(code: object, acronym: str, name: str) -> dict[str, Any]:
    return {"cod": str(code), "sigla": acronym, "nome": name, "descricao": name}


_SITUATIONS = {
    step.situation for step in STEPS.values() if step.situation is not None and step.situation.code is not None
}

REFERENCES: Final[dict[str, list[dict[str, Any]]]] = {
    "siglaTipo": [_row(kind.code, kind.sigla, kind.description) for kind in CAMARA_KINDS.values()],
    "codSituacao": [
        _row(each.code, "", each.text or "") for each in sorted(_SITUATIONS, key=lambda each: each.code or 0)
    ],
    "codTema": [_row(theme.code, "", theme.name) for theme in sorted(THEMES)],
    "codTipoTramitacao": [_row(step.code, "", step.name) for step in STEPS.values() if step.code != "9301"],
    "codTipoAutor": [
        _row(10000, "", "Deputado(a)"),
        _row(30000, "", "Órgão do Poder Executivo"),
        _row(40000, "", "Órgão do Poder Legislativo"),
    ],
}
