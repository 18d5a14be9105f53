"""Generated requests against a filled API of its own: `python -m contract.api_check --examples 1000 --seeds 1,2,3`."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import httpx2
from contract.api_check.filled_records import with_records
from contract.api_check.fuzz_client import FuzzClient, create_client
from contract.api_check.generated_requests import never_succeeded, run_schemathesis
from contract.api_check.stream_requests import stream_problems
from search.fuzz_stage import api_of_its_own


def main() -> int:
    """0 when nothing breaks the description."""
    parser = argparse.ArgumentParser(prog="contract.api_check")
    parser.add_argument("--examples", type=int, default=1000, help="generated requests of each operation and seed")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--bills", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=60, help="for each seed, at most")
    given = parser.parse_args()
    failed = []
    with api_of_its_own(given.bills, with_records) as api, TemporaryDirectory() as folder:
        succeeded = Path(folder) / "succeeded"
        base, client = f"http://127.0.0.1:{api.port}", asyncio.run(_new_client(api.database_url))
        for seed in map(int, given.seeds.split(",")):
            began = time.monotonic()
            limit = given.minutes * 60
            if run_schemathesis(base, client, given.examples, seed, seconds=limit, succeeded=succeeded):
                failed.append(f"seed {seed}: schemathesis")
            problems = stream_problems(base, given.examples, seed)
            failed += [f"seed {seed}: stream: {problem}" for problem in problems[:5]]
            print(f"api-check: seed {seed} took {time.monotonic() - began:.0f} s", flush=True)
        document = httpx2.get(f"{base}/openapi.json", trust_env=False).json()
        failed += [f"{one}: never a success" for one in never_succeeded(document, set(succeeded.read_text().split()))]
    for line in failed:
        print(f"api-check: {line}")
    return 1 if failed else 0


async def _new_client(database_url: str) -> FuzzClient:
    async with asyncpg.create_pool(database_url, min_size=1, max_size=1) as pool:
        return await create_client(pool)


if __name__ == "__main__":
    sys.exit(main())
