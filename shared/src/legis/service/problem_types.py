"""The registry of problem types (RFC 9457): name, status, title and explanation in both languages.

A type's name is its English title in lower case with hyphens; its page is `/problems/<name>` of the public API.
"""

from typing import NamedTuple

from legis.languages import Text

PAGES = "/problems/"
NO_PAGE = "about:blank"


class ProblemType(NamedTuple):
    """One kind of problem. `text` explains its meaning and the remedy in one or two sentences."""

    status: int
    title: Text
    text: Text

    @property
    def name(self) -> str:
        """The name of the type: the last part of its address."""
        return name_of(self.title.en)

    @property
    def uri(self) -> str:
        """The member `type` of a problem document: the address of its page."""
        return PAGES + self.name


def name_of(title: str) -> str:
    """The name of the problem type with this English title."""
    return title.lower().replace(" ", "-")


def _type(status: int, title: tuple[str, str], en: str, pt: str) -> ProblemType:
    return ProblemType(status, Text(*title), Text(en, pt))


PROBLEM_TYPES = (
    _type(
        400, ("Invalid parameter", "Parâmetro inválido"),
        "A parameter is unknown, empty, repeated, or has a value that cannot be taken. `errors` names each one, with "
        "the nearest valid name or value where there is one.",
        "Um parâmetro é desconhecido, está vazio ou repetido, ou tem um valor que não pode ser aceito. `errors` indica "
        "cada um, com o nome ou valor válido mais próximo, quando houver.",
    ),
    _type(
        400, ("Bad Request", "Requisição inválida"),
        "The request does not follow HTTP: its first line, a header, the length of its body or the missing header "
        "`Host`. Most often a proxy or a hand-made client is at fault.",
        "A requisição não segue o HTTP: a primeira linha, um cabeçalho, o tamanho do corpo ou a falta do cabeçalho "
        "`Host`. Em geral a causa é um proxy ou um cliente feito à mão.",
    ),
    _type(
        401, ("Not authenticated", "Não autenticado"),
        "The API key that was sent is not valid, has expired or was revoked; or the address needs one. Most of the API "
        "needs no key: ask without it.",
        "A chave de API enviada não é válida, expirou ou foi revogada; ou o endereço exige uma chave. A maior parte da "
        "API não precisa de chave: repita sem ela.",
    ),
    _type(
        403, ("Forbidden", "Proibido"),
        "The API key is valid but lacks the scope that this address needs; `WWW-Authenticate` names the scope.",
        "A chave de API é válida, mas não tem o escopo que este endereço exige; `WWW-Authenticate` indica o escopo.",
    ),
    _type(
        404, ("Not Found", "Não encontrado"),
        "There is nothing at this address: the path is not one of the API, or no record has that id. `/api/v1` lists "
        "the resources.",
        "Não há nada neste endereço: o caminho não é da API, ou nenhum registro tem esse identificador. `/api/v1` "
        "lista os recursos.",
    ),
    _type(
        405, ("Method Not Allowed", "Método não permitido"),
        "The address does not take this method; `Allow` lists those that it takes.",
        "O endereço não aceita este método; `Allow` lista os que ele aceita.",
    ),
    _type(
        406, ("Not Acceptable", "Formato não aceitável"),
        "The address cannot answer in any media type that `Accept` takes; the detail names those that it has.",
        "O endereço não pode responder em nenhum formato que `Accept` aceita; o detalhe indica os disponíveis.",
    ),
    _type(
        409, ("Too many subscriptions", "Assinaturas demais"),
        "The API key has as many subscriptions, or webhooks, as one may have. Delete one first.",
        "A chave de API já tem o número máximo de assinaturas, ou de webhooks. Exclua uma antes.",
    ),
    _type(
        409, ("Not confirmed", "Não confirmada"),
        "The subscription's address has not been confirmed: a webhook must take a test message first, a person must "
        "follow the link in an e-mail.",
        "O endereço da assinatura ainda não foi confirmado: um webhook precisa aceitar uma mensagem de teste, uma "
        "pessoa precisa seguir o link de um e-mail.",
    ),
    _type(
        410, ("Gone", "Não existe mais"),
        "A place in the change log was asked for that this log does not have: the number is above its end, or the log "
        "was begun again. The detail says where to begin.",
        "Foi pedida uma posição que este registro de mudanças não tem: o número está além do fim, ou o registro foi "
        "recomeçado. O detalhe indica por onde começar.",
    ),
    _type(
        413, ("No body taken", "Corpo não aceito"),
        "GET and HEAD take no body: send the request without one.",
        "GET e HEAD não aceitam corpo: envie a requisição sem ele.",
    ),
    _type(
        413, ("Body too large", "Corpo grande demais"),
        "The body of the request is larger than the detail allows. A search with a hundred ids needs a fifth of it.",
        "O corpo da requisição é maior que o permitido no detalhe. Uma busca com cem identificadores ocupa um quinto "
        "disso.",
    ),
    _type(
        414, ("Address too long", "Endereço longo demais"),
        "Path and query together are longer than the detail allows. Ask for fewer values at a time.",
        "Caminho e consulta juntos são mais longos que o permitido no detalhe. Peça menos valores por vez.",
    ),
    _type(
        415, ("Unsupported Media Type", "Tipo de conteúdo não aceito"),
        "The body has a `Content-Type` that the address does not read; the detail names those that it reads.",
        "O corpo tem um `Content-Type` que o endereço não lê; o detalhe indica os que ele lê.",
    ),
    _type(
        416, ("Range not satisfiable", "Intervalo fora do arquivo"),
        "The range begins behind the end of the file; `Content-Range` says how long the file is. Where it was fetched "
        "whole already, there is nothing left to fetch.",
        "O intervalo começa depois do fim do arquivo; `Content-Range` diz o tamanho dele. Se o arquivo já foi baixado "
        "inteiro, não falta nada.",
    ),
    _type(
        429, ("Too many requests", "Requisições demais"),
        "The client has used up its limit. `Retry-After` says in how many seconds the next request may come, "
        "`RateLimit` what is left.",
        "O cliente esgotou seu limite. `Retry-After` diz em quantos segundos a próxima requisição pode vir, e "
        "`RateLimit` quanto resta.",
    ),
    _type(
        431, ("Headers too large", "Cabeçalhos grandes demais"),
        "The headers of the request are larger than the detail allows. Large cookies are the usual cause: none are "
        "needed.",
        "Os cabeçalhos da requisição são maiores que o permitido no detalhe. Cookies grandes são a causa comum: nenhum "
        "é necessário.",
    ),
    _type(
        500, ("Internal error", "Erro interno"),
        "Something failed on our side. It is in our log under `trace_id`; name that when you report it.",
        "Algo falhou do nosso lado. Está em nosso log sob `trace_id`; informe-o ao relatar o problema.",
    ),
    _type(
        500, ("Internal Server Error", "Erro interno do servidor"),
        "Something failed in a process that is not public. It is in its log under `trace_id`.",
        "Algo falhou em um processo que não é público. Está no log dele sob `trace_id`.",
    ),
    _type(
        503, ("Service Unavailable", "Serviço indisponível"),
        "A part that the answer needs is away, the database for example. Try again after `Retry-After` seconds.",
        "Uma parte necessária à resposta está fora do ar, por exemplo o banco de dados. Tente de novo após os segundos "
        "de `Retry-After`.",
    ),
    _type(
        503, ("Too busy", "Sobrecarregado"),
        "The server is overloaded. Try again after `Retry-After` seconds.",
        "Há mais requisições em andamento do que se pode responder a tempo. Tente de novo após os segundos de "
        "`Retry-After`.",
    ),
    _type(
        503, ("Took too long", "Demorou demais"),
        "The answer was not ready in time. Narrow the query with more filters, or try again after `Retry-After` "
        "seconds.",
        "A resposta não ficou pronta a tempo. Restrinja a consulta com mais filtros, ou tente de novo após os segundos "
        "de `Retry-After`.",
    ),
    _type(
        503, ("Not ready", "Ainda não está pronto"),
        "The search index is not there yet, or has not come to the change that was asked for. Try again after "
        "`Retry-After` seconds.",
        "O índice de busca ainda não existe, ou não chegou à mudança pedida. Tente de novo após os segundos de "
        "`Retry-After`.",
    ),
    _type(
        503, ("Keys unavailable", "Chaves indisponíveis"),
        "The API key cannot be looked up now: it may be good. Ask without it, or try again after `Retry-After` "
        "seconds.",
        "Não é possível consultar a chave de API agora: ela pode ser válida. Repita sem ela, ou tente de novo após os "
        "segundos de `Retry-After`.",
    ),
    _type(
        503, ("Too many streams", "Conexões contínuas demais"),
        "As many readers as can be served follow the change stream already. Ask `/api/v1/changes` by pages instead.",
        "O fluxo de mudanças já tem todos os leitores que pode atender. Consulte `/api/v1/changes` por páginas.",
    ),
)  # fmt: skip

BY_NAME = {one.name: one for one in PROBLEM_TYPES}
