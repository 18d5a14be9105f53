"""Pairs of legislators of the two houses that were reviewed by hand as one person, each with the evidence.

Only for people whom no register links: see `people that are one` in docs/data-quality.md. Evidence is public: a page of
a house, or an entry of a public register with its address.
"""

from collections.abc import Mapping
from typing import Final

REVIEWED: Final[Mapping[frozenset[str], str]] = {}
"""`frozenset({"camara-deputy-…", "senado-senator-…"})` to the evidence, one line each."""
