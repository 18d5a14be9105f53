"""Text analysis of Portuguese, synonyms, labels of bills, and the query language."""
