"""Makes single records unreadable: values of unexpected types, or bytes that are not text."""

from typing import Any, Final

# Not UTF-8, whatever bytes follow; replaces the marker once the body is bytes.
UNDECODABLE_MARK: Final = "\ue000undecodable\ue000"
_MARK_BYTES: Final = UNDECODABLE_MARK.encode()
_JUNK: Final = b"\xc3\x28 \xff\xfe \xe2\x82"


def spoil_item(item: dict[str, Any], variant: str) -> dict[str, Any]:
    """A list row, detail or other JSON record, made unreadable. Its uri or codigoMateria still identifies it."""
    if variant == "bytes":
        key = "ementa" if "ementa" in item else next(iter(item))
        return {**item, key: UNDECODABLE_MARK}
    spoilt = {**item, "id": {"valor": item.get("id"), "tipo": "objeto"}}
    for name in ("numero", "identificacao"):
        if name in spoilt:
            spoilt[name] = [None, {"": spoilt[name]}]
    for name in ("dataApresentacao", "dataUltimaAtualizacao"):
        if name in spoilt:
            spoilt[name] = "0000-13-45T99:99"
    if "ementa" in spoilt:
        spoilt["ementa"] = {"texto": ["\x00", spoilt["ementa"]]}
    if "statusProposicao" in spoilt:
        spoilt["statusProposicao"] = [1, 2, 3]
    return spoilt


def spoil_cells(cells: dict[str, str], variant: str) -> dict[str, str]:
    """A row of a bulk file, made unreadable; id and uri stay readable."""
    spoilt = {**cells, "numero": "não é número", "dataApresentacao": "0000-13-45T99:99:99", "codTipo": ""}
    if variant == "bytes":
        spoilt["ementa"] = UNDECODABLE_MARK
    return spoilt


def undecodable(body: bytes) -> bytes:
    """The body with the markers replaced by bytes that are not UTF-8."""
    return body.replace(_MARK_BYTES, _JUNK) if _MARK_BYTES in body else body
