"""Reads records for the API: single ones, lists by keyset, calendars, rates of agreement."""
