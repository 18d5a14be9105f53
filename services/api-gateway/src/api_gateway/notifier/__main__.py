"""`python -m api_gateway.notifier`: tells subscribers about changes until SIGTERM."""

from legis.service.run import prepare, serve
from legis.settings import load_or_exit

from api_gateway.notifier.app import NAME, make_app
from api_gateway.settings import NotifierSettings


def main() -> None:
    """Loads the settings, follows the change log, and serves health checks and metrics."""
    settings = load_or_exit(NotifierSettings)
    tracing = prepare(NAME, settings)
    serve(make_app(settings, tracing), host=settings.notifier_host, port=settings.notifier_port)


if __name__ == "__main__":
    main()
