"""Answers that are small enough for a conversation: JSON of at most 8 kB, with its provenance."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MAX_BYTES = 8_000
"""Of an answer in UTF-8."""

DEFAULT_ITEMS = 5
MAX_ITEMS = 20

CLIPPED = "…"
"""The end of a text that was cut; and with the number of items left out, the last item of a list that was cut."""

Shape = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Clip:
    """Longest texts and lists of an answer."""

    characters: int
    items: int


CLIPS = (Clip(600, 20), Clip(250, 8), Clip(100, 3), Clip(40, 1))
"""From the most generous to the strictest, with which every answer of one item is small enough."""


def clipped(value: Any, clip: Clip) -> Any:
    """The value with long texts and lists cut, in all its depth."""
    if isinstance(value, str):
        return value if len(value) <= clip.characters else value[: clip.characters - 1] + CLIPPED
    if isinstance(value, Mapping):
        return {name: clipped(one, clip) for name, one in value.items()}
    if isinstance(value, list):
        kept = [clipped(one, clip) for one in value[: clip.items]]
        return kept if len(value) <= clip.items else [*kept, f"{CLIPPED} +{len(value) - clip.items}"]
    return value


def rendered(answer: Mapping[str, Any]) -> str:
    """Compact JSON."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def fits(text: str) -> bool:
    """Whether an answer is small enough."""
    return len(text.encode()) <= MAX_BYTES


def single(item: Mapping[str, Any], members: Mapping[str, Any]) -> str:
    """One thing with further members of the answer, as little cut as possible."""
    return _smallest("item", lambda clip: clipped(item, clip), members)


def listed(items: list[dict[str, Any]], members: Mapping[str, Any]) -> str | None:
    """A list with further members of the answer; None if it is too large even with its texts cut. A list of one item is
    cut until it fits.
    """
    if len(items) <= 1:
        return _smallest("items", lambda clip: [clipped(item, clip) for item in items], members)
    for clip in CLIPS[:2]:
        text = rendered({"items": [clipped(item, clip) for item in items], **members})
        if fits(text):
            return text
    return None


def _smallest(name: str, cut: Callable[[Clip], Any], members: Mapping[str, Any]) -> str:
    """The least cut answer that fits."""
    text = ""
    for clip in CLIPS:
        text = rendered({name: cut(clip), **members})
        if fits(text):
            break
    return text


def provenance(meta: Mapping[str, Any], api_url: str, as_of_seq: int | None = None) -> dict[str, Any]:
    """Where an answer comes from and how current it is. `as_of_seq` is the entry of the change log that it shows."""
    told = {
        "api_url": api_url,
        "retrieved_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "dataset": meta["dataset"],
        "freshness": [
            {name: one[name] for name in ("source", "state", "last_success_at")} for one in meta["freshness"]
        ],
    }
    if (seq := as_of_seq if as_of_seq is not None else meta.get("as_of_seq")) is not None:
        told["as_of_seq"] = seq
    if notice := meta.get("notice"):
        told["notice"] = notice
    return told
