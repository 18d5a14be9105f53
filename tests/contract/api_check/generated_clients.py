"""Clients of three generators, made from the document, compiled, and tried against a filled API of its own.

Run by `make api-clients`. Each client makes five calls, reads a status that it does not know through a proxy that
changes it, and asks for bills with `fields=`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx2
from api_gateway.web.openapi import document_bytes
from clients.changing_proxy import changing_proxy
from contract.api_check.filled_records import with_records
from search.fuzz_stage import api_of_its_own

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "deploy/api-check/clients"
NEW_STATUS = "OF_A_LATER_YEAR"
SECONDS = 600


class Tools:
    """The generators, and what they make, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.document, self.typescript = folder / "openapi.json", folder / "src"

    def make(self) -> None:
        """Generates and compiles all three. Raises CalledProcessError."""
        self.document.write_bytes(document_bytes())
        for made in (self.typescript, self.folder / "dist", self.folder / "generated_client"):
            shutil.rmtree(made, ignore_errors=True)
        self.typescript.mkdir()
        for source in SOURCES.glob("*.ts"):
            shutil.copy2(source, self.typescript)
        shutil.copy2(SOURCES / "tsconfig.json", self.folder)
        (self.folder / "python.json").write_text(json.dumps({"post_hooks": []}))
        self.run(
            "venv/bin/openapi-python-client", "generate", "--path", "openapi.json", "--meta", "none",
            "--output-path", "generated_client", "--config", "python.json",
        )  # fmt: skip
        self.run("venv/bin/python", "-m", "compileall", "-q", "generated_client")
        self.run("node_modules/.bin/openapi-typescript", "openapi.json", "--output", "src/schema.ts")
        self.run(
            "node_modules/.bin/openapi-ts", "--input", "openapi.json", "--output", "src/hey",
            "--client", "@hey-api/client-fetch",
        )  # fmt: skip
        self.run("node_modules/.bin/tsc", "--project", "tsconfig.json")

    def run(self, *command: str, **environment: str) -> str:
        """What a tool printed. Raises CalledProcessError, after the tool's own words."""
        path = f"{self.folder / 'venv/bin'}{os.pathsep}{os.environ['PATH']}"
        told = {**os.environ, **environment, "PATH": path, "PYTHONPATH": str(self.folder)}
        done = subprocess.run(
            [str(self.folder / command[0]), *command[1:]], cwd=self.folder, env=told, timeout=SECONDS,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            print(done.stdout[-4000:])
        done.check_returncode()
        return done.stdout

    def call(self, base: str, proxy: str) -> list[str]:
        """Makes the calls of all three; the clients that did not get what is described."""
        environment = {"LEGIS_URL": base, "LEGIS_PROXY_URL": proxy, "LEGIS_NEW_STATUS": NEW_STATUS}
        failed = []
        for command in (
            ("venv/bin/python", str(SOURCES / "python_calls.py")),
            ("venv/bin/node", "dist/openapi_typescript_calls.js"),
            ("venv/bin/node", "dist/hey_api_calls.js"),
        ):
            try:
                print(f"api-clients: {self.run(*command, **environment).strip()}", flush=True)
            except subprocess.CalledProcessError:
                failed.append(Path(command[1]).stem)
        return failed


def main() -> int:
    """0 when every client compiles and gets what is described."""
    parser = argparse.ArgumentParser(prog="contract.api_check.generated_clients")
    parser.add_argument("--tools", required=True, type=Path, metavar="FOLDER")
    tools = Tools(parser.parse_args().tools.resolve())
    try:
        tools.make()
    except subprocess.CalledProcessError as error:
        print(f"api-clients: {' '.join(error.cmd)}: status {error.returncode}")
        return 1
    with api_of_its_own(300, with_records) as api:
        base = f"http://127.0.0.1:{api.port}"
        status = httpx2.get(f"{base}/api/v1/bills?limit=1", trust_env=False).json()["data"][0]["status"]
        with changing_proxy(base, "203.0.113.7") as proxy:
            proxy.changes = {f'"status":"{status}"'.encode(): f'"status":"{NEW_STATUS}"'.encode()}
            failed = tools.call(base, proxy.url)
    print(f"api-clients: {', '.join(failed) + ': not as described' if failed else 'all three as described'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
