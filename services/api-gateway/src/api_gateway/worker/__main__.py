"""`python -m api_gateway.worker`: runs the worker until SIGTERM."""

from legis.service.run import COLLECT_SELDOM, prepare, serve
from legis.settings import load_or_exit

from api_gateway.settings import WorkerSettings
from api_gateway.worker.app import NAME, make_app


def main() -> None:
    """Loads the settings, reads the stream, and serves health checks and metrics."""
    settings = load_or_exit(WorkerSettings)
    tracing = prepare(NAME, settings)
    app = make_app(settings, tracing)
    serve(app, host=settings.worker_host, port=settings.worker_port, collect_every=COLLECT_SELDOM)


if __name__ == "__main__":
    main()
