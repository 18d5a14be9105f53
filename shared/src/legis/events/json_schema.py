"""Writes the JSON Schema of every event on the stream: `python -m legis.events.json_schema`."""

import json
import sys

from pydantic import TypeAdapter

from legis.events.codec import Event


def event_schema() -> str:
    """The JSON Schema that readers accept, keys sorted, ending in a line end: the text of the golden file."""
    schema = TypeAdapter(Event).json_schema()
    schema["title"] = "Legis events, version 1"
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(event_schema())
