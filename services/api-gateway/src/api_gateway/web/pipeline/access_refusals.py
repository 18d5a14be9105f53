"""Problem documents for refused access: 401, 403, 429 for guessed keys, and 503 while keys cannot be looked up."""

from legis.languages import Text
from legis.service.problems import problem
from starlette.responses import Response

from api_gateway.access.identity import Forbidden, NotAuthenticated, TooManyFailures

_GUESSES = Text(
    "Too many requests came with API keys that do not exist; ask without a key, or wait.",
    "Chegaram requisições demais com chaves de API que não existem; repita sem chave, ou espere.",
)
_NO_LOOK_UP = Text(
    "API keys cannot be looked up now; ask without a key, or try again shortly.",
    "Não é possível consultar chaves de API agora; repita sem chave, ou tente de novo em instantes.",
)
_REALM = 'Bearer realm="legis"'


def not_authenticated(error: NotAuthenticated, path: str) -> Response:
    """401 with the challenge of RFC 6750, which names an error only if a key was sent."""
    challenge = f'{_REALM}, error="invalid_token"' if error.key_sent else _REALM
    return problem(401, "Not authenticated", error.text, headers={"WWW-Authenticate": challenge}, instance=path)


def forbidden(error: Forbidden, path: str) -> Response:
    """403 with the name of the scope that the key lacks."""
    challenge = f'{_REALM}, error="insufficient_scope", scope="{error.scope.value}"'
    return problem(403, "Forbidden", error.text, headers={"WWW-Authenticate": challenge}, instance=path)


def too_many_failures(error: TooManyFailures, path: str) -> Response:
    """429: this client sent too many unknown keys, and no keys are looked up for it for a while."""
    return problem(429, "Too many requests", _GUESSES, headers={"Retry-After": str(error.retry_after)}, instance=path)


def keys_unavailable(path: str) -> Response:
    """503: the key may be valid, but the database that holds the keys is unavailable."""
    return problem(503, "Keys unavailable", _NO_LOOK_UP, headers={"Retry-After": "1"}, instance=path)
