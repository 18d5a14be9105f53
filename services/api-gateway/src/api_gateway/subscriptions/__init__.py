"""Subscriptions without I/O: what they are, which addresses are allowed, how messages are signed and worded."""
