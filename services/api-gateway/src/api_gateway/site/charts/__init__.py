"""Charts as plain geometry: what templates write into SVG attributes. Colour is a class of the style sheet."""
