"""JSON of legislators, organizations, votings and events."""
