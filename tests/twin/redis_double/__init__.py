"""A double of Redis on the virtual clock."""
