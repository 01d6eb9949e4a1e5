"""Who acts in a request, without knowing what a person is."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def signed_in(request: HttpRequest) -> AbstractBaseUser:
    """Return the signed-in user.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user
