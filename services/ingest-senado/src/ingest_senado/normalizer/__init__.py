"""The Senado's answers as bills that claim only what the answer showed."""

from ingest_senado.normalizer.bills import from_detail, from_list_row, from_votings
from ingest_senado.normalizer.notes import Sighting

__all__ = ["Sighting", "from_detail", "from_list_row", "from_votings"]
