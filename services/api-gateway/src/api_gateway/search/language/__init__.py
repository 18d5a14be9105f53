"""Portuguese text as the index has it: tokens, synonyms, labels, and the query language."""
