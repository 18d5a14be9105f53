"""Runs one Redis command on the server at REDIS_URL, for machines without redis-cli: `redis_command.py PING`."""

import os
import sys
from typing import Any

import redis

TIMEOUT_SECONDS = 5


def main(words: list[str]) -> int:
    """Prints the reply, one element a line. Exit status 0, or 1 when the server cannot be reached or refuses."""
    try:
        client = redis.Redis.from_url(
            os.environ["REDIS_URL"],
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            decode_responses=True,
        )
        client.response_callbacks.clear()  # the server's reply, without the library's conversions
        sys.stdout.write("\n".join(lines(client.execute_command(*words))) + "\n")
    except (redis.RedisError, KeyError) as error:
        sys.stderr.write(f"redis: {error}\n")
        return 1
    return 0


def lines(reply: Any) -> list[str]:
    """A reply as redis-cli would print it to a pipe."""
    if isinstance(reply, list | tuple):
        return [line for one in reply for line in lines(one)]
    if isinstance(reply, dict):
        return [line for pair in reply.items() for one in pair for line in lines(one)]
    return ["" if reply is None else str(reply).rstrip("\r\n")]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
