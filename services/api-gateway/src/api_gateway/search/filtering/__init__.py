"""What a list of bills may be filtered by: one registry, its values, and its page of reference."""
