"""What the Lua scripts of several modules have in common."""

EVEN_WHEN_FULL = "#!lua flags=allow-oom\n"
"""First line of a script that Redis runs although `maxmemory` is reached. For small writes on the way to an
acknowledgement, which gives room again: without them nothing would ever leave the stream.
"""
