"""Defects put into the product on purpose; each must be noticed."""
