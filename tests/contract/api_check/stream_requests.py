"""Generated requests of the change stream: each is read up to its first event and closed."""

from typing import Any

import httpx2
import schemathesis
from contract.api_check.generated_requests import STREAM
from hypothesis import HealthCheck, Phase, given, seed, settings

_SECONDS = 30


def stream_problems(base: str, examples: int, number: int) -> list[str]:
    """What is not as described, in so many requests drawn from this seed."""
    document = httpx2.get(f"{base}/openapi.json", trust_env=False).json()
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.include(operation_id=STREAM).get_all_operations()]
    (operation,) = operations
    problems: list[str] = []
    with httpx2.Client(base_url=base, timeout=_SECONDS, trust_env=False) as client:

        @seed(number)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())  # type: ignore[union-attr]
        def ask(case: Any) -> None:
            problem = _ask(client, case)
            if problem is not None:
                problems.append(problem)

        ask()
    return problems


def _ask(client: httpx2.Client, case: Any) -> str | None:
    """What is wrong with the reply; None for nothing."""
    asked = case.as_transport_kwargs(base_url=str(client.base_url))
    with client.stream("GET", asked["url"], params=asked["params"], headers=asked["headers"]) as reply:
        described = case.operation.definition.raw["responses"]
        if str(reply.status_code) not in described:
            return f"{reply.status_code} is not described: {reply.url}"
        if reply.status_code != 200:
            reply.read()
            wrong = reply.headers["content-type"] != "application/problem+json"
            return f"{reply.status_code} is no problem: {reply.url}" if wrong or reply.status_code >= 500 else None
        first = next((line for line in reply.iter_lines() if line.startswith("event:")), "")
        return None if first == "event: position" else f"begins with {first!r}: {reply.url}"
