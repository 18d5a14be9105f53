"""Texts that are written as Markdown: the changelog, incidents, guides."""
