"""What `/stats` shows: each count of the API as a chart whose title says what it comes to."""
