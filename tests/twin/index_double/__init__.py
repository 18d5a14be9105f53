"""A double of the search index's files."""
