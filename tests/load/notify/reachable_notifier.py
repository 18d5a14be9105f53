"""The notifier with one rule changed: it may call this machine. Started by `notify_load`, as a process of its own."""

from api_gateway.notifier.app import NAME, make_app
from api_gateway.notifier.guarded_session import socket_guard
from api_gateway.settings import NotifierSettings
from legis.service.run import prepare, serve
from legis.settings import load_or_exit


def main() -> None:
    """Serves until SIGTERM."""
    settings = load_or_exit(NotifierSettings)
    guard = socket_guard(is_allowed=lambda host: host == "127.0.0.1")
    app = make_app(settings, prepare(NAME, settings), guard=guard)
    serve(app, host=settings.notifier_host, port=settings.notifier_port)


if __name__ == "__main__":
    main()
