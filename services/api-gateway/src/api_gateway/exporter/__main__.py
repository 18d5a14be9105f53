"""`python -m api_gateway.exporter`: builds an export each day until SIGTERM."""

from legis.service.run import prepare, serve
from legis.settings import load_or_exit

from api_gateway.exporter.app import NAME, make_app
from api_gateway.settings import ExporterSettings


def main() -> None:
    """Loads the settings, builds exports when they are due, and serves health checks and metrics."""
    settings = load_or_exit(ExporterSettings)
    tracing = prepare(NAME, settings)
    serve(make_app(settings, tracing), host=settings.exporter_host, port=settings.exporter_port)


if __name__ == "__main__":
    main()
