"""Turn refusals raised by actions into answers."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from duobiao.kernel.refusals import Refusal
from duobiao.web import errors, http

GetResponse = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """The innermost middleware: sees what views raise before Django makes it a 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a method that an address does not take is told in the answer's own form."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and http.wants_json(request):
            told = errors.failed(request, status=HTTPStatus.METHOD_NOT_ALLOWED, code="method_not_allowed")
            told["Allow"] = response.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal with its page, fragment or JSON, a full disk with 507; leave the rest to Django."""
        if isinstance(exception, Refusal):
            return errors.refused(request, exception)
        if errors.is_disk_full(exception):
            return errors.failed(request, status=507, code="storage_full")
        return None


def refusals(get_response: GetResponse) -> RefusalMiddleware:
    """Build the middleware for the settings."""
    return RefusalMiddleware(get_response)
