"""Invariants that are judged when a run ends."""
