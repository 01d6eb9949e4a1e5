"""People of the tests."""

from duobiao.identity.models import Role, User


def make_person(name, **fields):
    user = User(username=name, name=name, language="zh-hans", **{"role": Role.SELLER, **fields})
    user.set_unusable_password()
    user.save()
    return user
