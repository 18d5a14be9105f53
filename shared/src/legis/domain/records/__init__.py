"""Records other than bills: legislators, organizations, votings and events, in one shape for all sources."""
