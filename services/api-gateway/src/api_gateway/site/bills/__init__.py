"""Bills as pages show them: rows, way, changes, addresses, the query of a search."""
