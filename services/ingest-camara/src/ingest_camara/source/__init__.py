"""The Câmara as a source of the ingest engine."""

from ingest_camara.source.adapter import CamaraSource, policy

__all__ = ["CamaraSource", "policy"]
