"""The address of the page that follows."""

from urllib.parse import urlencode

from api_gateway.web.params.parameters import Parameters


def next_link(base: str, path: str, asked: Parameters, **changed: str | int) -> str:
    """Address of the same question with some parameters changed."""
    set_fields = asked.model_dump(mode="json", exclude_unset=True, exclude=set(changed))
    pairs = [(name, _text(value)) for name, value in set_fields.items() if value is not None and value != []]
    pairs += [(name, str(value)) for name, value in changed.items()]
    return f"{base.rstrip('/')}{path}?{urlencode(pairs, safe=',:;')}"


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
