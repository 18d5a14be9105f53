"""Invariants that are looked at while a run lasts."""
