"""Public shapes of the API, and the rendering of a bill into them when it is written."""
