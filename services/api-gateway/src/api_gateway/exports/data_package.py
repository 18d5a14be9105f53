"""Describes an export as a Data Package (version 2): `datapackage.json` of frictionlessdata.io."""

from typing import Any

from api_gateway.exports.export_shapes import LICENCE_URL, ExportFile, ExportManifest, ExportTable, FileFormat
from api_gateway.exports.flat_columns import ColumnType

_TYPES = {
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "integer",
    ColumnType.TRUTH: "boolean",
    ColumnType.DAY: "date",
    ColumnType.INSTANT: "datetime",
    ColumnType.TEXTS: "list",
    ColumnType.INTEGERS: "list",
}


def data_package(manifest: ExportManifest) -> dict[str, Any]:
    """The description of the CSV files as tables; the other files are named beside them. Paths are those of the files
    beside `datapackage.json`.
    """
    tables = {table.name: table for table in manifest.tables}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"legis-{manifest.id.lower()}",
        "id": f"{manifest.epoch}/{manifest.as_of_seq}",
        "title": "Legis: Brazil's National Congress",
        "version": manifest.id,
        "created": manifest.created_at.isoformat(),
        "licenses": [{"title": manifest.licence.title, "path": LICENCE_URL}],
        "contributors": [
            {"title": "Câmara dos Deputados", "roles": ["source"], "path": "https://dadosabertos.camara.leg.br"},
            {"title": "Senado Federal", "roles": ["source"], "path": "https://legis.senado.leg.br/dadosabertos"},
            {"title": "Legis", "roles": ["publisher"], "path": "https://github.com/legis-br/legis"},
        ],
        "resources": [_resource(one, tables[one.resource]) for one in manifest.files],
    }


def _resource(file: ExportFile, table: ExportTable) -> dict[str, Any]:
    plain = {
        "name": file.name.replace("_", "-").lower(),
        "title": table.title,
        "path": f"files/{file.name}",
        "format": file.format.value.partition(".")[0],
        "mediatype": file.media_type,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if file.format is not FileFormat.CSV:
        return plain
    return {**plain, "type": "table", "encoding": "utf-8", "compression": "gz", "schema": _schema(table)}


def _schema(table: ExportTable) -> dict[str, Any]:
    fields = [
        {"name": column.name, "type": _TYPES[ColumnType(column.type)], "description": column.description}
        | ({"delimiter": " | "} if column.type.startswith("list") else {})
        | ({"itemType": "integer"} if column.type == ColumnType.INTEGERS else {})
        for column in table.columns
    ]
    return {
        "fieldsMatch": "exact",
        "fields": fields,
        "missingValues": [""],
        **({"primaryKey": ["id"]} if table.key == "id" else {}),
    }
