"""Public shapes of legislators, organizations, votings and events, and their rendering to JSON bytes."""
