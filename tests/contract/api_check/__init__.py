"""Checks of the public API against its own description: `make api-check`."""
