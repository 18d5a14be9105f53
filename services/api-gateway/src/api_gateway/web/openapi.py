"""`python -m api_gateway.web.openapi` prints the OpenAPI document."""

import json
import sys

from api_gateway.settings import WebSettings
from api_gateway.web.app import create_app


def document_bytes() -> bytes:
    """The OpenAPI document in the form that is under version control: sorted keys, indented."""
    document = create_app(WebSettings()).openapi()
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(document_bytes())
