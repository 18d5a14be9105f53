"""The public shapes of Legis and how a stored bill is rendered into them, once, when it is written."""
