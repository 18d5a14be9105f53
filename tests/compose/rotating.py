"""New passwords for a deployment that runs: the old ones no longer open anything."""

from layers import FOLDER
from stack import SERVICES, Failed, Stack, wait_until

ASK = "import asyncio, asyncpg, sys; asyncio.run(asyncpg.connect(sys.argv[1], timeout=5)); print('let in')"


def rotate(stack: Stack) -> str:
    """Runs the script, as the documentation says."""
    secrets = stack.folder / "secrets"
    old = (secrets / "database_url").read_text()
    if "let in" not in stack.compose(f"exec -T web python -c \"{ASK}\" '{old}'"):
        raise Failed("the password did not open the database even before")
    stack.must(f"{FOLDER}/rotate-secrets.sh", within=300)
    new = (secrets / "database_url").read_text()
    refused = stack.shell(f"docker compose exec -T web python -c \"{ASK}\" '{old}'")
    if new == old or not refused.status or "InvalidPasswordError" not in refused.text:
        raise Failed(f"the old password still opens the database: {refused.text[-500:]}")
    wait_until("everything is healthy", lambda: all(map(stack.healthy, SERVICES)), 120)
    wait_until("the API answers", stack.served, 30)
    if stack.compose("exec -T redis redis-cli ping").strip() != "PONG":
        raise Failed("the operator's way to Redis is shut")
    return "old passwords are refused, everything is healthy with the new ones"
