"""Mail a link to the person it is for."""

from duobiao.identity.mail import post
from duobiao.identity.models import User
from duobiao.identity.password_links import password_link_message


def send_password_link(*, user: User, url: str) -> str:
    """Mail the link after its transaction ended; return "" or why it could not be sent.

    Nothing is stored: the act of making the link already is.
    """
    return post(password_link_message(user, url)) if user.email else "no address"
