"""Redis in memory: the commands that product code sends, with the answers and errors of a real server.

Everything here is at once and never fails by itself; `redis_client` adds the wire. A contract test sends the same
random commands here and to a real Valkey and compares every answer.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from redis.exceptions import ResponseError

from twin.redis_double.redis_stream import EntryId, Fields, Group, Pending, Stream, as_bytes, parse_id, print_id

_NO_KEY = "The XGROUP subcommand requires the key to exist."
"""What XGROUP says where the key is missing; where only the group is, it says NOGROUP as all others do."""


class RedisServer:
    """The data of one server. `now` gives its clock in milliseconds."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.keys: dict[str, Any] = {}
        self.added = 0
        self.run = 1
        self.gone = "NOGROUP No such key or consumer group in XREADGROUP with GROUP option"
        """What a blocked reader is told when its stream is deleted; older servers say `UNBLOCKED`."""
        self.waiters: list[Callable[[bool], None]] = []
        """Blocked readers; called with True when entries came, with False when the stream was deleted."""

    def wake(self, came: bool) -> None:
        """Lets every blocked reader look again, or tells it that its stream is gone."""
        waiting, self.waiters = self.waiters, []
        for waiter in waiting:
            waiter(came)

    def flushall(self) -> None:
        """Forgets everything."""
        had_stream = any(isinstance(value, Stream) for value in self.keys.values())
        self.keys = {}
        if had_stream:
            self.wake(False)

    def saved(self) -> dict[str, Any]:
        """What a restart would find, had it been saved at this moment."""
        return copy.deepcopy(self.keys)

    def start_with(self, keys: dict[str, Any]) -> None:
        """Starts again with what it has kept: another run of the server."""
        self.keys = keys
        self.run += 1

    def info(self, section: str) -> dict[str, str]:
        return {"run_id": f"run {self.run}"}

    def xrange(self, name: str, count: int) -> list[tuple[bytes, Fields]]:
        stream = self.keys.get(name)
        found = list(stream.entries.items())[:count] if stream else []
        return [(print_id(entry), dict(fields)) for entry, fields in found]

    def xrevrange(self, name: str, count: int) -> list[tuple[bytes, Fields]]:
        stream = self.keys.get(name)
        found = list(reversed(stream.entries.items()))[:count] if stream else []
        return [(print_id(entry), dict(fields)) for entry, fields in found]

    def xlen(self, name: str) -> int:
        stream = self.keys.get(name)
        return len(stream.entries) if stream else 0

    def xadd(self, name: str, fields: Fields) -> bytes:
        stream = self.keys.setdefault(name, Stream())
        entry = max((self._now(), 0), (stream.last[0], stream.last[1] + 1))
        stream.entries[entry] = fields
        stream.last = entry
        self.added += 1
        self.wake(True)
        return print_id(entry)

    def add_within(self, keys: Sequence[str], arguments: Sequence[Any]) -> list[bytes]:
        """The publisher's script: all entries and the greatest read sequences, or none where they would not fit."""
        name, *marks = keys
        values = [as_bytes(value) for value in arguments]
        last = len(values) - len(keys)
        if self.xlen(name) + last // 3 > int(values[last]):
            return []
        for mark, greatest in zip(marks, values[last + 1 :], strict=True):
            if int(greatest) > int(self.get(mark) or 0):
                self.keys[mark] = greatest
        ids = []
        for start in range(0, last, 3):
            kind, payload, traceparent = values[start : start + 3]
            fields = {b"kind": kind, b"payload": payload}
            ids.append(self.xadd(name, fields | ({b"traceparent": traceparent} if traceparent else {})))
        return ids

    def remember(self, keys: Sequence[str], arguments: Sequence[Any]) -> None:
        """The script of the memory of stored readings."""
        (name,) = keys
        label, run, _, told = (as_bytes(value) for value in arguments)
        if self.keys.get(name, {}).get(label) != run:
            self.keys[name] = {label: run}
        values = self.keys[name]
        for one in orjson.loads(told):
            bill, part, seq, mark = (as_bytes(value) for value in one)
            if part:
                values[bill + b"|" + part] = seq + b" " + mark
            elif int(seq) > int(values.get(bill + b"|", b"0")):
                values[bill + b"|"] = seq

    def xdel(self, name: str, *ids: bytes | str) -> int:
        stream = self.keys.get(name)
        return sum(stream.entries.pop(parse_id(entry), None) is not None for entry in ids) if stream else 0

    def xgroup_create(self, name: str, group: str, id: str = "$", mkstream: bool = False) -> bool:
        if name not in self.keys and not mkstream:
            raise ResponseError(_NO_KEY)
        stream = self.keys.setdefault(name, Stream())
        if group in stream.groups:
            raise ResponseError("BUSYGROUP Consumer Group name already exists")
        stream.groups[group] = Group(stream.last if id == "$" else parse_id(id))
        return True

    def xgroup_delconsumer(self, name: str, group: str, consumer: str | bytes) -> int:
        if name not in self.keys:
            raise ResponseError(_NO_KEY)
        found = self._group(name, group)
        who = consumer.decode() if isinstance(consumer, bytes) else consumer
        gone = [entry for entry, pending in found.pending.items() if pending.consumer == who]
        for entry in gone:
            del found.pending[entry]
        found.consumers.pop(who, None)
        return len(gone)

    def xreadgroup(self, name: str, group: str, consumer: str, count: int) -> list[Any]:
        """New entries for a consumer; an empty list where there are none (blocking is the client's part)."""
        found = self._group(name, group)
        now = self._now()
        found.consumers[consumer] = now
        entries: dict[EntryId, Fields] = self.keys[name].entries
        new = [entry for entry in entries if entry > found.last][:count]
        for entry in new:
            found.pending[entry] = Pending(consumer, now, 1)
            found.last = entry
        return [[name.encode(), [(print_id(entry), dict(entries[entry])) for entry in new]]] if new else []

    def xack(self, name: str, group: str, *ids: bytes | str) -> int:
        stream = self.keys.get(name)
        found = stream.groups.get(group) if stream else None
        return sum(found.pending.pop(parse_id(entry), None) is not None for entry in ids) if found else 0

    def xpending(self, name: str, group: str) -> dict[str, Any]:
        return {"pending": len(self._group(name, group).pending)}

    def xpending_range(
        self, name: str, group: str, min: str, max: str, count: int, consumername: str | None = None,
        idle: int | None = None,
    ) -> list[dict[str, Any]]:  # fmt: skip
        found, now = self._group(name, group), self._now()
        rows: list[dict[str, Any]] = []
        for entry in sorted(found.pending):
            pending = found.pending[entry]
            if consumername is not None and pending.consumer != consumername:
                continue
            if idle is not None and now - pending.at < idle:
                continue
            rows.append(
                {
                    "message_id": print_id(entry),
                    "consumer": pending.consumer.encode(),
                    "time_since_delivered": now - pending.at,
                    "times_delivered": pending.count,
                }
            )
            if len(rows) == count:
                break
        return rows

    def xclaim(
        self, name: str, group: str, consumer: str, min_idle_time: int, message_ids: Sequence[bytes | str],
        retrycount: int | None = None, justid: bool = False,
    ) -> list[Any]:  # fmt: skip
        found, now = self._group(name, group), self._now()
        found.consumers[consumer] = now
        entries: dict[EntryId, Fields] = self.keys[name].entries
        claimed: list[Any] = []
        for text in message_ids:
            entry = parse_id(text)
            pending = found.pending.get(entry)
            if pending is None:
                continue
            if entry not in entries:
                del found.pending[entry]
                continue
            if min_idle_time and now - pending.at < min_idle_time:
                continue
            count = pending.count + (not justid) if retrycount is None else retrycount
            found.pending[entry] = Pending(consumer, now, count)
            claimed.append(print_id(entry) if justid else (print_id(entry), dict(entries[entry])))
        return claimed

    def xinfo_consumers(self, name: str, group: str) -> list[dict[str, Any]]:
        if name not in self.keys:
            raise ResponseError("no such key")
        found, now = self._group(name, group), self._now()
        held = [pending.consumer for pending in found.pending.values()]
        return [
            {"name": who.encode(), "pending": held.count(who), "idle": now - seen}
            for who, seen in sorted(found.consumers.items())
        ]

    def delete(self, name: str) -> int:
        gone = self.keys.pop(name, None)
        if isinstance(gone, Stream):
            self.wake(False)
        return int(gone is not None)

    def hset(self, name: str, mapping: Mapping[Any, Any]) -> int:
        values = self.keys.setdefault(name, {})
        before = len(values)
        values.update({as_bytes(key): as_bytes(value) for key, value in mapping.items()})
        return len(values) - before

    def announce(self, keys: Sequence[str], arguments: Sequence[Any]) -> None:
        """The script of the change log's head, which never goes back unless the epoch is another."""
        (name,) = keys
        epoch, seq, render_seq = (as_bytes(one) for one in arguments)
        old = self.keys.get(name, {})
        if old.get(b"epoch") == epoch:
            seq, render_seq = max(seq, old[b"seq"], key=int), max(render_seq, old[b"render_seq"], key=int)
        self.keys[name] = {b"epoch": epoch, b"seq": seq, b"render_seq": render_seq}

    def finish(self, keys: Sequence[str], arguments: Sequence[Any]) -> None:
        """The consumer's script: acknowledges and deletes together."""
        group, *ids = arguments
        self.xack(keys[0], group, *ids)
        self.xdel(keys[0], *ids)

    def bump(self, keys: Sequence[str], arguments: Sequence[Any]) -> None:
        """The script that raises the data version and tells everybody."""
        self.publish(arguments[0], str(self.incr(keys[0])))

    def hgetall(self, name: str) -> Fields:
        return dict(self.keys.get(name, {}))

    def hmget(self, name: str, keys: Sequence[str]) -> list[bytes | None]:
        values = self.keys.get(name, {})
        return [values.get(as_bytes(key)) for key in keys]

    def sadd(self, name: str, *values: str) -> int:
        members = self.keys.setdefault(name, {})
        before = len(members)
        members.update(dict.fromkeys(map(as_bytes, values)))
        return len(members) - before

    def srandmember(self, name: str, number: int) -> list[bytes]:
        """The double's chance is always the same: the first ones."""
        return list(self.keys.get(name, {}))[:number]

    def expire(self, name: str, _: int) -> bool:
        """No twin lives long enough to see a key expire."""
        return name in self.keys

    def set(self, name: str, value: Any, ex: int | None = None) -> bool:
        self.keys[name] = as_bytes(value)
        return True

    def get(self, name: str) -> bytes | None:
        found: bytes | None = self.keys.get(name)
        return found

    def incr(self, name: str) -> int:
        value = int(self.keys.get(name, b"0")) + 1
        self.keys[name] = str(value).encode()
        return value

    def publish(self, channel: str, message: str) -> int:
        return 0

    def ping(self) -> bool:
        return True

    def _group(self, name: str, group: str) -> Group:
        stream = self.keys.get(name)
        if not isinstance(stream, Stream) or group not in stream.groups:
            raise ResponseError(f"NOGROUP No such key '{name}' or consumer group '{group}'")
        found: Group = stream.groups[group]
        return found
