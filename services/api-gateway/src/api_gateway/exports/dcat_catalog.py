"""The exports as a catalogue for portals of open data: DCAT-AP 3.0.1 as JSON-LD."""

from collections.abc import Sequence
from typing import Any

from api_gateway.exports.export_shapes import LICENCE_URL, ExportFile, ExportManifest, ExportTable

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_SHA256 = "spdx:checksumAlgorithm_sha256"
_PUBLISHER = {
    "@id": "https://github.com/legis-br/legis",
    "@type": "foaf:Agent",
    "foaf:name": {"@value": "Legis", "@language": "en"},
}


def dcat_catalog(manifests: Sequence[ExportManifest], base_url: str) -> dict[str, Any]:
    """The catalogue: one dataset for each resource, with the files of every export. `manifests` come newest first;
    `base_url` is put before addresses and ends without a slash.
    """
    address = f"{base_url}/api/v1/exports"
    tables = manifests[0].tables if manifests else []
    return {
        "@context": _CONTEXT,
        "@graph": [
            {
                "@id": f"{address}/catalog.jsonld",
                "@type": "dcat:Catalog",
                "dct:title": _words("Legis: Brazil's National Congress", "Legis: o Congresso Nacional"),
                "dct:description": _words(
                    "All data of the API as files, a new export each day.",
                    "Todos os dados da API em arquivos, uma nova exportação por dia.",
                ),
                "dct:publisher": {"@id": _PUBLISHER["@id"]},
                "dct:license": {"@id": LICENCE_URL},
                "dcat:dataset": [{"@id": _dataset_id(address, table)} for table in tables],
            },
            _PUBLISHER,
            {"@id": _SHA256, "@type": "spdx:ChecksumAlgorithm"},
            {"@id": LICENCE_URL, "@type": "dct:LicenseDocument"},
            *(_dataset(address, table, manifests) for table in tables),
            *(_distribution(base_url, one, file) for one in manifests for file in one.files),
        ],
    }


def _dataset(address: str, table: ExportTable, manifests: Sequence[ExportManifest]) -> dict[str, Any]:
    files = [file for one in manifests for file in one.files if file.resource == table.name]
    return {
        "@id": _dataset_id(address, table),
        "@type": "dcat:Dataset",
        "dct:identifier": table.name.value,
        "dct:title": {"@value": table.title, "@language": "en"},
        "dct:description": {
            "@value": f"{table.title}, as the Legis API serves them: {table.rows} rows.",
            "@language": "en",
        },
        "dct:publisher": {"@id": _PUBLISHER["@id"]},
        "dct:modified": _typed(manifests[0].created_at.isoformat(), "dateTime"),
        "dcat:distribution": [{"@id": _distribution_id(address, file)} for file in files],
    }


def _distribution(base_url: str, manifest: ExportManifest, file: ExportFile) -> dict[str, Any]:
    location = {"@id": f"{base_url}{file.url}"}
    return {
        "@id": _distribution_id(f"{base_url}/api/v1/exports", file),
        "@type": "dcat:Distribution",
        "dct:title": {"@value": f"{file.name} of {manifest.created_at:%Y-%m-%d}", "@language": "en"},
        "dcat:accessURL": location,
        "dcat:downloadURL": location,
        "dcat:mediaType": {"@id": f"http://www.iana.org/assignments/media-types/{file.media_type}"},
        "dcat:byteSize": _typed(str(file.bytes), "nonNegativeInteger"),
        "dct:issued": _typed(manifest.created_at.isoformat(), "dateTime"),
        "dct:license": {"@id": LICENCE_URL},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": _SHA256},
            "spdx:checksumValue": _typed(file.sha256, "hexBinary"),
        },
    }


def _dataset_id(address: str, table: ExportTable) -> str:
    return f"{address}#{table.name.value}"


def _distribution_id(address: str, file: ExportFile) -> str:
    return f"{address}#{file.url.rpartition('/exports/')[2]}"


def _words(english: str, portuguese: str) -> list[dict[str, str]]:
    return [{"@value": english, "@language": "en"}, {"@value": portuguese, "@language": "pt"}]


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}
