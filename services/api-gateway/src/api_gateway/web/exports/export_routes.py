"""`/exports`: all data as files, a new export each day."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from legis.languages import Text
from starlette.responses import RedirectResponse, Response

from api_gateway.exports.dcat_catalog import dcat_catalog
from api_gateway.exports.export_library import DATA_PACKAGE, ExportLibrary
from api_gateway.exports.export_shapes import ExportManifest, ExportProgress
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.error_handlers import NotFound
from api_gateway.web.exports.export_file_reply import export_file_reply
from api_gateway.web.exports.export_schemas import ExportList, ExportReply
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.responses.json_responses import data_reply, document_reply, dump

router = APIRouter(prefix="/api/v1/exports", tags=["exports"], route_class=ApiRoute)
LATEST = "latest"
SILENT = timedelta(seconds=60)
"""Time after which a build that tells no progress has been interrupted."""

_SHORT = "public, max-age=30, stale-if-error=86400"
_LONG = "public, max-age=3600"
_VARY = "Accept, Accept-Encoding"
ExportId = Annotated[
    str, Path(description="Id of an export, or `latest`", examples=[LATEST], pattern=r"^(\d{8}T\d{6}Z|latest)$")
]
FileName = Annotated[
    str,
    Path(description="Name of a file of the manifest", examples=["bills.parquet"], pattern=r"^[a-z][a-z_.-]{1,60}$"),
]
_FILE = {"schema": {"type": "string", "format": "binary", "description": "The file, or the range of it"}}
_MOVED: dict[int | str, dict[str, Any]] = {
    307: {"description": "Of `latest`: `Location` is the address at the newest export"}
}
_CONTENT = {"content": {"application/gzip": _FILE, "application/vnd.apache.parquet": _FILE}}


@router.get("", response_model=ExportList, responses=problems(), operation_id="listExports", summary="Exports")
async def list_exports(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Complete exports, newest first, and the one that is being built with its progress."""
    manifests = await shared.exports.manifests()
    building = _building(await shared.exports.progress(), datetime.now(UTC))
    members = {"data": dump([_item(one) for one in manifests]), "building": dump(building)}
    return data_reply(members, shared.status_monitor.snapshot.undated, cache_control=_SHORT)


@router.get(
    "/catalog.jsonld",
    response_class=Response,
    responses={
        200: {
            "description": "DCAT-AP 3.0.1 as JSON-LD",
            "content": {"application/ld+json": {"schema": {"type": "object"}}},
        },
        **problems(),
    },
    operation_id="getExportCatalog",
    summary="Exports as a DCAT catalogue",
)
async def catalog(request: Request, shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """For portals of open data: one dataset for each resource, with the files of every export as distributions."""
    base = shared.settings.public_base_url.rstrip("/") or str(request.base_url).rstrip("/")
    found = dcat_catalog(await shared.exports.manifests(), base)
    return document_reply(dump(found), "application/ld+json", _SHORT, vary=_VARY)


@router.get(
    "/{export_id}", response_model=ExportReply, responses=problems(404), operation_id="getExport", summary="One export"
)
async def get_export(shared: Shared, export_id: ExportId, asked: Annotated[NoParameters, Query()]) -> Response:
    """The manifest: files with length and SHA-256, columns, number of rows and checksum of each table, the entry of the
    change log that all of them are of, and the delta to the export before. `latest` is the newest one.
    """
    manifest = await _manifest(shared.exports, export_id)
    cache = _SHORT if export_id == LATEST else _LONG
    members = {"data": dump(manifest.model_dump(mode="json"))}
    return data_reply(members, shared.status_monitor.snapshot.undated, cache_control=cache)


@router.get(
    "/{export_id}/datapackage.json",
    response_class=Response,
    responses={
        200: {
            "description": "A Data Package, version 2",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        **_MOVED,
        **problems(404),
    },
    operation_id="getExportDataPackage",
    summary="One export as a Data Package",
)
async def get_data_package(shared: Shared, export_id: ExportId, asked: Annotated[NoParameters, Query()]) -> Response:
    """What frictionless and other tools read: files, columns, types and checksums. Paths are relative to it."""
    manifest = await _manifest(shared.exports, export_id)
    if export_id == LATEST:
        return _to(f"{_address(manifest)}/{DATA_PACKAGE}")
    stored = await shared.exports.read(f"{manifest.id}/{DATA_PACKAGE}")
    if stored is None:
        raise _no_export(export_id)
    return document_reply(stored, "application/json", _LONG, vary=_VARY)


@router.get(
    "/{export_id}/files/{name}",
    response_class=Response,
    responses={
        200: {"description": "The whole file", **_CONTENT},
        206: {"description": "The range that `Range` asks for", **_CONTENT},
        **_MOVED,
        **problems(404, 416),
    },
    operation_id="getExportFile",
    summary="One file of an export",
)
async def get_file(
    request: Request, shared: Shared, export_id: ExportId, name: FileName, asked: Annotated[NoParameters, Query()]
) -> Response:
    """The file's bytes. Its ETag is its SHA-256, so that a transfer that was cut goes on by `Range` with `If-Range`. Of
    `latest` a redirect (307) to the newest export's file.
    """
    manifest = await _manifest(shared.exports, export_id)
    file = manifest.file(name)
    if file is None:
        text = f"{manifest.id}: {name}"
        raise NotFound(Text(f"There is no file {text}.", f"Não há o arquivo {text}."))
    if export_id == LATEST:
        return _to(file.url)
    return await export_file_reply(request, shared, shared.exports, manifest, file)


async def _manifest(library: ExportLibrary, export_id: str) -> ExportManifest:
    found = await (library.newest() if export_id == LATEST else library.manifest(export_id))
    if found is None:
        raise _no_export(export_id)
    return found


def _no_export(export_id: str) -> NotFound:
    return NotFound(Text(f"There is no export {export_id}.", f"Não há a exportação {export_id}."))


def _to(address: str) -> Response:
    return RedirectResponse(address, 307, headers={"Cache-Control": _SHORT})


def _address(manifest: ExportManifest) -> str:
    return f"/api/v1/exports/{manifest.id}"


def _item(manifest: ExportManifest) -> dict[str, Any]:
    return {
        "id": manifest.id,
        "state": manifest.state,
        "created_at": manifest.created_at,
        "as_of_seq": manifest.as_of_seq,
        "epoch": manifest.epoch,
        "bytes": sum(file.bytes for file in manifest.all_files),
        "rows": sum(table.rows for table in manifest.tables),
        "delta_from": manifest.delta.from_export if manifest.delta else None,
        "links": {"self": _address(manifest), "datapackage": f"{_address(manifest)}/{DATA_PACKAGE}"},
    }


def _building(progress: ExportProgress | None, now: datetime) -> dict[str, Any] | None:
    if progress is None:
        return None
    state = "INTERRUPTED" if now - progress.updated_at > SILENT else "BUILDING"
    return {**progress.model_dump(mode="json"), "state": state}
