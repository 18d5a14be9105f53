"""Atom feeds and iCalendar documents: entries, words, text."""
