"""Exports over HTTP: lists, manifests, and files with ranges."""
