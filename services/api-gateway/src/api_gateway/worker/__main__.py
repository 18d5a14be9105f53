"""`python -m api_gateway.worker`: runs until SIGTERM."""

import gc

from legis.service.run import prepare, serve
from legis.settings import load_or_exit

from api_gateway.settings import WorkerSettings
from api_gateway.worker.app import NAME, make_app


def main() -> None:
    """Reads the settings and serves health and metrics while the stream is read."""
    settings = load_or_exit(WorkerSettings)
    # a batch makes tens of thousands of objects that die with it: look for cycles less often than every 700
    gc.set_threshold(50_000, 20, 50)
    tracing = prepare(NAME, settings)
    serve(make_app(settings, tracing), host=settings.worker_host, port=settings.worker_port)


if __name__ == "__main__":
    main()
