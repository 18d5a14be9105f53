"""`python -m api_gateway.indexer`: runs the indexer until SIGTERM."""

from legis.service.run import COLLECT_SELDOM, prepare, serve
from legis.settings import load_or_exit

from api_gateway.indexer.app import NAME, make_app
from api_gateway.settings import IndexerSettings


def main() -> None:
    """Loads the settings, maintains the index, and serves health checks and metrics."""
    settings = load_or_exit(IndexerSettings)
    tracing = prepare(NAME, settings)
    serve(
        make_app(settings, tracing),
        host=settings.indexer_host,
        port=settings.indexer_port,
        collect_every=COLLECT_SELDOM,
    )


if __name__ == "__main__":
    main()
