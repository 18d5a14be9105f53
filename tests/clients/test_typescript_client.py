"""The TypeScript client: compiled, and its own tests run by Node.js against a running system."""

import re

from clients.changing_proxy import ChangingProxy
from clients.node_tools import ROOT, built_client, run_node
from e2e.conftest import Legis as System

README = ROOT / "clients/typescript/README.md"


def test_it_compiles_and_its_tests_pass(system: System, proxy: ChangingProxy) -> None:
    built_client()
    status = system.get("/api/v1/bills?limit=1").json()["data"][0]["status"]
    proxy.refusals = [(429, "3")]
    proxy.changes = {f'"{status}"'.encode(): b'"OF_A_LATER_YEAR"'}
    told = run_node("--test", "test/running_system.test.mjs", LEGIS_URL=system.base_url, LEGIS_PROXY_URL=proxy.url)
    assert "fail 0" in told
    assert proxy.statuses[:2] == [429, 200]


def test_the_examples_of_the_readme_run(system: System) -> None:
    folder = built_client()
    blocks = re.findall(r"```ts\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) == 2
    for number, block in enumerate(blocks):
        code = block.replace("http://127.0.0.1:5000", system.base_url).replace('"legis-client"', '"../dist/index.js"')
        (folder / f"test/readme_{number}.ts").write_text(code)
    run_node("node_modules/typescript/bin/tsc", "--project", "tsconfig.check.json")
    assert all(run_node(f"test/readme_{number}.ts") for number in range(len(blocks)))
