from datetime import UTC, datetime

import pytest
from api_gateway.site.visit import Origins, Visit
from legis.languages import Language

NOW = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
ORIGINS = Origins("https://legis.example")


@pytest.fixture
def visit() -> Visit:
    """A visit in Portuguese to the home page."""
    return Visit(Language.PORTUGUESE, "/", NOW, ORIGINS)


@pytest.fixture
def english_visit() -> Visit:
    """The same in English."""
    return Visit(Language.ENGLISH, "/", NOW, ORIGINS)
