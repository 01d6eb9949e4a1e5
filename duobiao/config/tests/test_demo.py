"""The demonstration prints where it is reached and as whom, and keeps what is there."""

import pytest

from duobiao.config.commands import demo
from duobiao.identity.models import Role, User


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "localhost"), ("::", "localhost"), ("10.1.2.3", "10.1.2.3"), ("box", "box")],
)  # fmt: skip
def test_the_address_is_one_a_browser_can_open(host, shown, capsys):
    demo._print_logins(host, 8123, kept=False)

    printed = capsys.readouterr().out
    assert f"http://{shown}:8123/" in printed
    assert [line.split() for line in printed.splitlines() if "duobiao-demo" in line] == [
        ["seller", "linxiao", "duobiao-demo"],
        ["manager", "zhoujianguo", "duobiao-demo"],
        ["administrator", "admin", "duobiao-demo"],
    ]


@pytest.mark.django_db
def test_an_administrator_made_by_init_keeps_the_own_password(capsys):
    held = User.objects.create_user("admin", "own secret 12", role=Role.ADMINISTRATOR)

    admin, kept = demo._administrator()
    demo._print_logins("127.0.0.1", 8000, kept=kept)

    assert (admin, kept) == (held, True)
    assert admin.check_password("own secret 12")
    assert "as set by duobiao init" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_fresh_database_gets_an_administrator_with_the_printed_password():
    admin, kept = demo._administrator()

    assert (admin.role, kept) == (Role.ADMINISTRATOR, False)
    assert admin.check_password(demo.SIGN_IN_WORD)
