"""Runs pip-audit with these arguments; exit status 3 where its database of vulnerabilities cannot be reached.

No verdict is not a pass: 1 is for vulnerabilities, and for every other trouble.
"""

import subprocess
import sys

NOT_RUN = 3
UNREACHABLE = (
    "ConnectionError", "ConnectTimeout", "ReadTimeout", "ProxyError", "SSLError", "Max retries exceeded",
    "Failed to establish a new connection", "NameResolutionError", "Could not connect to", "VulnServiceException",
)  # fmt: skip
"""Words of its traceback or error line for a service that did not answer."""


def main(command: list[str]) -> int:
    """The exit status of the command, or 3."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    if done.returncode and any(word in done.stderr for word in UNREACHABLE):
        sys.stdout.write("audit: not run, the database of vulnerabilities cannot be reached\n")
        return NOT_RUN
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
