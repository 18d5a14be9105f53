"""`python -m api_gateway.site`: serves the pages until SIGTERM."""

from legis.service.run import prepare, serve
from legis.settings import load_or_exit

from api_gateway.settings import SiteSettings
from api_gateway.site.app import NAME, make_app


def main() -> None:
    """Serves the pages until the process receives a signal to stop."""
    settings = load_or_exit(SiteSettings)
    tracing = prepare(NAME, settings)
    serve(
        make_app(settings, tracing),
        host=settings.site_host,
        port=settings.site_port,
        drain_seconds=settings.site_drain_seconds,
    )


if __name__ == "__main__":
    main()
