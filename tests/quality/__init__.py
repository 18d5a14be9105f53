"""How good the answers of a search are, measured with judged queries over recorded real bills."""
