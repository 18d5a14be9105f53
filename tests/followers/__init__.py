"""Readers as strangers write them, by the formats alone: an event stream, an Atom feed, exports with their deltas."""
