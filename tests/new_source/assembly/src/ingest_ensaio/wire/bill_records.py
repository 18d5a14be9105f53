"""Models of the JSON of a list of projetos and of one projeto, in upstream's own names."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

Key = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]
"""An id, which comes as a number or as a text."""


class WireModel(BaseModel):
    """Base of all wire models: an unknown field is no error."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Row(WireModel):
    """One row of a list."""

    id: Key


class ListAnswer(WireModel):
    """A list."""

    projetos: tuple[Row, ...]


class Step(WireModel):
    """One entry of the proceedings (`andamento`)."""

    dia: str
    texto: str


class Detail(WireModel):
    """One projeto."""

    id: Key
    sigla: str
    numero: int
    ano: int
    ementa: str | None = None
    situacao: str | None = None
    apresentado: str | None = None
    autores: tuple[str, ...] = ()
    andamentos: tuple[Step, ...] = ()
