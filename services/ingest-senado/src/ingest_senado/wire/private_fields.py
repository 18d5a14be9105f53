"""Removes e-mail addresses, telephone numbers and rooms from an answer before anything else looks at it.

They stand in the answers on people and committees. Only here are they met: not parsed, stored, logged or hashed.
"""

from typing import Any

PRIVATE = frozenset(
    {
        "EmailParlamentar",
        "EnderecoParlamentar",
        "InformacoesSecretaria",
        "NumeroFax",
        "Ramais",
        "TelefoneSecretaria",
        "Telefones",
        "cpf",
        "eMail",
        "emailParlamentar",
        "email",
        "telefone",
        "telefones",
    }
)
"""Names of the fields, wherever they stand."""


def without_private(value: Any) -> Any:
    """The same JSON value without these fields."""
    if isinstance(value, dict):
        return {name: without_private(item) for name, item in value.items() if name not in PRIVATE}
    if isinstance(value, list):
        return [without_private(item) for item in value]
    return value
