"""Files of the repository that are shipped with the site: the changelog and the incidents."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_REPOSITORY = Path(__file__).parents[6]
"""Where the files are while the package is installed for development; a wheel holds copies (`pyproject.toml`)."""


def shipped(path: str) -> Traversable:
    """A file or folder by its path in the repository. It may not exist."""
    copy = files("api_gateway.site") / "shipped" / path
    return copy if copy.is_dir() or copy.is_file() else _REPOSITORY / path
