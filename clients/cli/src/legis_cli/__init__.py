"""The command `legis`: search, read, follow and take away bills, votings, people and events."""
