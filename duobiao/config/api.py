"""The API: one address, one way to sign in, one shape of errors; capabilities bring their routers."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import BaseRenderer

from duobiao.approvals import api as approvals
from duobiao.competition import api as competition
from duobiao.customers import api as customers
from duobiao.documents import api as documents
from duobiao.duplicates import api as duplicates
from duobiao.engagement import api as engagement
from duobiao.identity import api as identity
from duobiao.identity.api_support import ErrorOut, TokenAuth
from duobiao.identity.http import open_to_all
from duobiao.identity.idempotency import HEADER, idempotent
from duobiao.integrations import api as integrations
from duobiao.kernel.refusals import Refusal
from duobiao.knowledge import api as knowledge
from duobiao.needs import api as needs
from duobiao.opportunities import api as opportunities
from duobiao.papers import api as papers
from duobiao.planning import api as planning
from duobiao.playbooks import api as playbooks
from duobiao.prospecting import api as prospecting
from duobiao.push import api as push
from duobiao.reviews import api as reviews
from duobiao.search import api as search
from duobiao.stakeholders import api as stakeholders
from duobiao.strategy import api as strategy
from duobiao.timeline import api as timeline
from duobiao.workbench import api as workbench

ERROR_REF = {"$ref": "#/components/schemas/ErrorOut"}
ERRORS = {
    401: "The token is missing, unknown, expired or revoked.",
    403: "You may see the record, but not do this.",
    404: "There is no such record, or you may not know of it.",
    409: "Somebody changed the record, or its state forbids this.",
    422: "A value cannot be accepted.",
}
WORDS: dict[str, Any] = {
    "missing": gettext_lazy("This field is needed."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "string_too_long": gettext_lazy("At most %(max_length)s characters."),
    "string_too_short": gettext_lazy("At least %(min_length)s characters."),
    "string_type": gettext_lazy("Write text in quotation marks."),
    "int_type": gettext_lazy("Write a whole number without quotation marks."),
    "int_parsing": gettext_lazy("Write a whole number."),
    "bool_type": gettext_lazy("Write true or false."),
    "bool_parsing": gettext_lazy("Write true or false."),
    "greater_than_equal": gettext_lazy("Not less than %(ge)s."),
    "less_than_equal": gettext_lazy("Not more than %(le)s."),
    "too_long": gettext_lazy("At most %(max_length)s entries."),
    "list_type": gettext_lazy("Write a list in square brackets."),
    "enum": gettext_lazy("Choose one of: %(expected)s."),
    "literal_error": gettext_lazy("Choose one of: %(expected)s."),
    "timezone_aware": gettext_lazy("Write a moment with its zone, as 2026-09-16T09:30:00+08:00."),
    "model_attributes_type": gettext_lazy("Write a group of names and values in curly brackets."),
    "model_type": gettext_lazy("Write a group of names and values in curly brackets."),
    "dict_type": gettext_lazy("Write a group of names and values in curly brackets."),
    "finite_number": gettext_lazy("Write a number."),
    "decimal_parsing": gettext_lazy("Write a number."),
    "decimal_type": gettext_lazy("Write a number."),
    "decimal_max_places": gettext_lazy("At most %(decimal_places)s decimal places."),
    "string_pattern_mismatch": gettext_lazy("The value does not have the right form: %(pattern)s"),
}
"""What is wrong with a value and what would be right, by pydantic's name of the fault."""
DESCRIPTION = """
Everything a page can do, the API can do, through the same actions.

* **Sign in** with a token from your profile: `Authorization: Bearer dbt_…`.
* **Errors** are `{code, message, fields}`; `code` is stable, `message` is for people, in the language of
  `Accept-Language`.
* **Creates** honour `Idempotency-Key`: sent again with the same body they answer the same and act once (a parallel
  sending 409, another body 422).
* **Changes** carry the `version` you read; 409 `stale_version` shows the present values.
* **Lists** answer `{items, next}`; give `next` as `cursor`.
* **Money** is `{amount_minor, currency}`: whole minor units (分, cents).
"""


class OrjsonRenderer(BaseRenderer):
    """JSON by orjson."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Write an answer; neither the request nor its status matters."""
        del request, response_status
        return orjson.dumps(data, default=str)


class Api(NinjaAPI):
    """Ninja's API with our errors in its schema, written once for each language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._written: dict[tuple[str | None, str, str | None], OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the schema; every operation documents the refusals and creates their key."""
        wanted = (path_prefix, repr(path_params), get_language())
        if wanted not in self._written:
            self._written[wanted] = self._write(path_prefix, path_params)
        return self._written[wanted]

    def _write(self, path_prefix: str | None, path_params: dict[str, Any] | None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"]["schemas"]["ErrorOut"] = ErrorOut.model_json_schema()
        for path in schema["paths"].values():
            for method, operation in path.items():
                _document(method, operation)
        return schema


def _document(method: str, operation: dict[str, Any]) -> None:
    for status, description in ERRORS.items():
        content = {"application/json": {"schema": ERROR_REF}}
        operation["responses"].setdefault(status, {"description": description, "content": content})
    if method == "post":
        parameter = {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "maxLength": 200},
            "description": "Makes a repetition safe.",
        }
        operation.setdefault("parameters", []).append(parameter)


api = Api(
    title="Duobiao API",
    version="1",
    description=DESCRIPTION,
    auth=TokenAuth(),
    renderer=OrjsonRenderer(),
    urls_namespace="api",
    docs=Swagger({"persistAuthorization": False, "validatorUrl": None, "docExpansion": "none"}),
    docs_decorator=open_to_all,
)
api.add_decorator(idempotent, mode="view")


def answer(
    request: HttpRequest,
    status: int,
    code: str,
    message: object,
    *,
    fields: Mapping[str, object] | None = None,
    details: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Write an error in the one shape."""
    body: dict[str, Any] = {
        "code": code,
        "message": str(message),
        "fields": {name: str(reason) for name, reason in (fields or {}).items()},
    }
    if details:
        body["details"] = dict(details)
    return api.create_response(request, body, status=status)


@api.exception_handler(Refusal)
def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a business no."""
    return answer(
        request, refusal.status, refusal.code, refusal.message, fields=refusal.fields, details=refusal.details
    )


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a body or query that does not fit, by field."""
    fields = {field_name(item["loc"]): worded(item) for item in reversed(error.errors)}
    names = ", ".join(fields)
    return answer(request, 422, "invalid", _("Check these fields: %(names)s.") % {"names": names}, fields=fields)


def worded(fault: dict[str, Any]) -> str:
    """Say in the reader's language what is wrong with a value, and what would be right."""
    limits: dict[str, Any] = fault.get("ctx", {})
    kind = str(fault["type"])
    if kind.startswith(("date_", "datetime_")):
        return _("Write a day as 2026-09-16, a moment as 2026-09-16T09:30:00+08:00.")
    if kind in WORDS:
        return str(WORDS[kind]) % limits
    return str(fault["msg"]).removeprefix("Value error, ")


def field_name(location: tuple[object, ...]) -> str:
    """Return the name of the field at fault: ``amount.currency`` for ``("body", "payload", "amount", "currency")``."""
    source, *rest = [str(part) for part in location]
    if source in ("body", "query", "form", "path") and len(rest) > 1:
        rest = rest[1:]
    return source if rest == ["payload"] else ".".join(rest) or source


@api.exception_handler(AuthenticationError)
def on_unauthenticated(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Answer a missing or dead token."""
    response = answer(request, 401, "not_signed_in", _("The token is missing, expired or revoked."))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what ninja itself refuses; a body that is no JSON is a 422 like any other bad body."""
    if error.status_code == HTTPStatus.BAD_REQUEST:
        message = _("The body is not JSON. Write it as JSON in UTF-8.")
        return answer(request, 422, "malformed", message, fields={"body": message})
    return answer(request, error.status_code, "refused", error.message)


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    """Answer for a record that is absent or hidden."""
    return answer(request, 404, "not_found", _("There is no such record."))


@api.exception_handler(DataError)
@api.exception_handler(OverflowError)
def on_out_of_range(request: HttpRequest, _error: Exception) -> HttpResponse:
    """Answer a number or text beyond what the database stores."""
    return answer(request, 422, "out_of_range", _("A value is too large or too long."))


api.add_router("", identity.router)
api.add_router("", timeline.router)
api.add_router("", search.router)
api.add_router("", documents.router)
api.add_router("", duplicates.router)
api.add_router("", papers.router)
api.add_router("", push.router)
api.add_router("", approvals.router)
api.add_router("", customers.router)
api.add_router("", knowledge.router)
api.add_router("", playbooks.router)
api.add_router("", opportunities.router)
api.add_router("", prospecting.router)
api.add_router("", stakeholders.router)
api.add_router("", planning.router)
api.add_router("", strategy.router)
api.add_router("", competition.router)
api.add_router("", workbench.router)
api.add_router("", reviews.router)
api.add_router("", engagement.router)
api.add_router("", needs.router)
api.add_router("", integrations.router)
