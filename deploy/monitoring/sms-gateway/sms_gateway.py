"""Hands alerts on to the outside: an SMS through a provider's HTTP API, and the heartbeat to a dead man's switch.

Alertmanager posts its webhook to `/send?to=ROLE` and to `/alive`. A provider takes a form with `To`, `From`, `Body` and
HTTP Basic credentials (Twilio's API, which others copy). Settings, from the environment:
  SMS_PROVIDER_URL  address of the provider's API, as https://api.twilio.com/2010-04-01/Accounts/AC…/Messages.json
  SMS_FROM          the sender that the provider knows
  SMS_SECRETS       folder of the secrets (/run/secrets)
Secrets, one file each: `sms_gateway_token` (what Alertmanager sends as a bearer token), `sms_provider_credentials`
(`user:password`), `sms_numbers` (JSON: a number for each role), `watchdog_url` (address of the switch, or `none`).
Answers 200 when it was taken outside, 502 when not: Alertmanager then tries again. Standard library alone.
"""

import base64
import hmac
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MOST_BYTES, MOST_LETTERS, TIMEOUT_SECONDS = 1_000_000, 300, 10.0
SECRETS = Path(os.environ.get("SMS_SECRETS", "/run/secrets"))


class NotDelivered(Exception):
    """The outside did not take it; carries the status for Alertmanager, which repeats only what ends with 5xx."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def secret(name: str) -> str:
    """The secret of that name, read each time: a replaced file needs no restart."""
    try:
        return (SECRETS / name).read_text().strip()
    except OSError:
        return ""


def text_of(told: dict[str, Any]) -> str:
    """The SMS for Alertmanager's webhook: priority, summary and impact of the first alert, and how many more."""
    alerts = told["alerts"]
    first = alerts[0]
    more = f" (+{len(alerts) - 1})" if len(alerts) > 1 else ""
    labels, said = first.get("labels", {}), first.get("annotations", {})
    text = f"[{labels.get('priority', '?')}] {said.get('summary', labels.get('alertname', 'alert'))}{more}"
    return f"{text}. {said.get('impact', '')}"[:MOST_LETTERS]


def send(role: str, told: dict[str, Any]) -> None:
    """Sends one SMS. Raises NotDelivered."""
    number = json.loads(secret("sms_numbers") or "{}").get(role)
    if not number:
        raise NotDelivered(404, f"the secret sms_numbers has no number for {role}")
    form = {"To": number, "From": os.environ.get("SMS_FROM", ""), "Body": text_of(told)}
    basic = base64.b64encode(secret("sms_provider_credentials").encode()).decode()
    outside(
        os.environ.get("SMS_PROVIDER_URL", ""),
        urllib.parse.urlencode(form).encode(),
        {"Authorization": f"Basic {basic}"},
    )


def outside(url: str, body: bytes | None, headers: dict[str, str]) -> None:
    """One request that must be answered 2xx. Raises NotDelivered."""
    if not url.startswith(("http://", "https://")):
        raise NotDelivered(502, "no address is set")
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=TIMEOUT_SECONDS):
            return
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise NotDelivered(502, f"{type(error).__name__}: {error}") from None


class Gateway(BaseHTTPRequestHandler):
    """One request of Alertmanager, or of the health check."""

    def do_GET(self) -> None:
        """`/health`: that it runs."""
        self._answer(200 if self.path == "/health" else 404, "ok")

    def do_POST(self) -> None:
        """`/send?to=ROLE` and `/alive`, from who knows the token."""
        parts = urllib.parse.urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(size, MOST_BYTES))
        if not hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {secret('sms_gateway_token')}"):
            self._answer(401, "wrong token")
            return
        try:
            if parts.path == "/alive":
                if (address := secret("watchdog_url")) != "none":
                    outside(address, None, {})
            elif parts.path == "/send":
                send(urllib.parse.parse_qs(parts.query).get("to", [""])[0], json.loads(body))
            else:
                raise NotDelivered(404, "nothing is here")
        except NotDelivered as failed:
            self._answer(failed.status, str(failed))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            self._answer(400, f"not Alertmanager's webhook: {error!r}")
        else:
            self._answer(200, "delivered")

    def _answer(self, status: int, why: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(f"{why}\n".encode())
        if status != 200:
            entry = {"service": "sms-gateway", "level": "error", "event": why, "path": self.path, "status": status}
            sys.stdout.write(json.dumps(entry) + "\n")
            sys.stdout.flush()

    def log_message(self, *args: object) -> None:
        """Only failures are logged, by `_answer`."""


if __name__ == "__main__":
    address = (os.environ.get("SMS_HOST", "0.0.0.0"), int(os.environ.get("SMS_PORT", "8080")))
    ThreadingHTTPServer(address, Gateway).serve_forever()
