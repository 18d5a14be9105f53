"""Manifest, Data Package and DCAT catalogue of an invented export."""

from datetime import UTC, datetime

from api_gateway.exports.data_package import data_package
from api_gateway.exports.dcat_catalog import dcat_catalog
from api_gateway.exports.export_shapes import (
    LICENCE_URL,
    MEDIA_TYPES,
    DeltaTable,
    ExportColumn,
    ExportDelta,
    ExportFile,
    ExportManifest,
    ExportState,
    ExportTable,
    FileFormat,
    Licence,
)
from api_gateway.exports.resources import RESOURCES

ID = "20260302T060012Z"


def file(name: str, form: FileFormat) -> ExportFile:
    resource = RESOURCES["bills"].name  # type: ignore[index]
    return ExportFile(
        name=name, resource=resource, format=form, media_type=MEDIA_TYPES[form], bytes=10, rows=2, sha256="a" * 64,
        url=f"/api/v1/exports/{ID}/files/{name}",
    )  # fmt: skip


def manifest() -> ExportManifest:
    bills = RESOURCES["bills"]  # type: ignore[index]
    columns = [ExportColumn(name=c.name, type=c.type.value, description=c.description) for c in bills.columns]
    table = ExportTable(
        name=bills.name, title=bills.title, key="id", rows=2, checksum="0" * 16, columns=columns
    )  # fmt: skip
    delta = ExportDelta(
        from_export="20260301T060012Z", from_seq=1, to_seq=2, tables=[DeltaTable(name=bills.name, rows=1, emptied=[])],
        files=[file("delta-bills.parquet", FileFormat.PARQUET)],
    )  # fmt: skip
    return ExportManifest(
        id=ID, state=ExportState.COMPLETE, created_at=datetime(2026, 3, 2, 6, 0, 12, tzinfo=UTC), as_of_seq=2,
        epoch="e", dataset="sample", licence=Licence(title="t", url=LICENCE_URL), tables=[table],
        files=[file("bills.csv.gz", FileFormat.CSV), file("bills.parquet", FileFormat.PARQUET)], delta=delta,
    )  # fmt: skip


def test_a_manifest_is_read_back_as_it_was_written() -> None:
    made = manifest()
    assert ExportManifest.model_validate_json(made.model_dump_json()) == made
    found = made.file("delta-bills.parquet")
    assert found is not None
    assert made.file("bills.hashes") is None


def test_data_package_has_what_version_2_asks_for() -> None:
    made = data_package(manifest())
    assert made["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert {"name", "licenses", "resources", "version"} <= made.keys()
    table, plain = made["resources"]
    assert (table["type"], table["hash"], table["bytes"]) == ("table", "sha256:" + "a" * 64, 10)
    assert table["schema"]["fieldsMatch"] == "exact", "a string: the published profile was wrong"
    assert "schema" not in plain
    types = {field["name"]: field for field in table["schema"]["fields"]}
    assert types["introduced_on"]["type"] == "date"
    assert (types["authors"]["type"], types["authors"]["delimiter"]) == ("list", " | ")
    assert {field["type"] for field in types.values()} <= {"string", "integer", "boolean", "date", "datetime", "list"}


def test_catalogue_has_what_dcat_ap_asks_for() -> None:
    nodes = dcat_catalog([manifest()], "https://legis.example")["@graph"]
    of = {kind: [one for one in nodes if one["@type"] == kind] for kind in {one["@type"] for one in nodes}}
    (catalog,), (dataset,), (agent,) = of["dcat:Catalog"], of["dcat:Dataset"], of["foaf:Agent"]
    assert {"dct:title", "dct:description", "dct:publisher"} <= catalog.keys()
    assert {"dct:title", "dct:description"} <= dataset.keys()
    assert "foaf:name" in agent
    assert catalog["dcat:dataset"] == [{"@id": dataset["@id"]}]
    assert [one["@id"] for one in of["spdx:ChecksumAlgorithm"]] == ["spdx:checksumAlgorithm_sha256"]
    assert {one["@id"] for one in dataset["dcat:distribution"]} == {one["@id"] for one in of["dcat:Distribution"]}
    for one in of["dcat:Distribution"]:
        assert one["dcat:accessURL"]["@id"].startswith(f"https://legis.example/api/v1/exports/{ID}/files/bills.")
        assert one["dcat:byteSize"] == {"@value": "10", "@type": "xsd:nonNegativeInteger"}
        assert one["spdx:checksum"]["spdx:checksumValue"] == {"@value": "a" * 64, "@type": "xsd:hexBinary"}
    assert not [one for one in dcat_catalog([], "")["@graph"] if one["@type"] == "dcat:Dataset"]
