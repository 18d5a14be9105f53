"""Figures of writing: the worker, the whole line, and how soon a bill is served."""
