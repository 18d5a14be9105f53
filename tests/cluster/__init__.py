"""Legis on several servers, run on one machine and harmed on purpose."""
