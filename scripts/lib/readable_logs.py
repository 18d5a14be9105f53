"""Log lines for people: reads what `tail` prints of several logs, and writes one short line for each entry.

`tail -n 20 -F .run/logs/*.log | readable_logs.py [--trace ID]`. A line of ours is one JSON object; any other line is
kept as it is. With `--trace` only lines are shown whose trace id, or request id, is that or begins with it.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

_FILE = re.compile(r"^==> (?:.*/)?([\w.-]+)\.log <==$")
_SHOWN = ("timestamp", "level", "service", "logger", "event", "span_id", "exception", "stack")
_NAME_WIDTH = 14


def readable(lines: Iterable[str], trace: str = "") -> Iterator[str]:
    """`time process LEVEL event key=value …`; the level only where it is not `info`. With `trace`, its lines alone."""
    process = ""
    for line in lines:
        line = line.rstrip("\n")
        if found := _FILE.match(line):
            process = found[1]
        elif line and (not trace or _is_of(line, trace)):
            yield f"{process:<{_NAME_WIDTH}} {_entry(line)}"


def _is_of(line: str, trace: str) -> bool:
    try:
        entry: Any = json.loads(line)
    except ValueError:
        return False
    return isinstance(entry, dict) and any(
        str(entry.get(name, "")).startswith(trace) for name in ("trace_id", "request_id")
    )


def _entry(line: str) -> str:
    try:
        entry: dict[str, Any] = json.loads(line)
        time, level, event = entry["timestamp"][11:19], entry["level"], entry["event"]
    except (ValueError, KeyError, TypeError):
        return line
    rest = " ".join(f"{name}={_value(value)}" for name, value in entry.items() if name not in _SHOWN)
    after = "".join(f"\n{entry[name]}" for name in ("exception", "stack") if entry.get(name))
    return " ".join(part for part in (time, "" if level == "info" else level.upper(), event, rest) if part) + after


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return json.dumps(text, ensure_ascii=False) if " " in text else text


def main() -> int:
    """Ends with its input, or quietly when nobody reads on or Ctrl-C is pressed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trace", default="")
    trace = parser.parse_args().trace
    try:
        for line in readable(sys.stdin, trace):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.stderr.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
