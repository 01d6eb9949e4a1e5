"""Accounts: inviting, changing, closing, reopening."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils.translation import override

from duobiao.identity.actions.change_profile import change_profile
from duobiao.identity.actions.change_user import change_user
from duobiao.identity.actions.deactivate_user import AlreadyClosed, LastAdministrator, deactivate_user
from duobiao.identity.actions.invite_user import NameTaken, invite_user, require_free
from duobiao.identity.actions.make_password_link import AccountClosed, make_password_link
from duobiao.identity.actions.reactivate_user import AlreadyOpen, reactivate_user
from duobiao.identity.actions.reset_second_step import NoSecondStep, reset_second_step
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import Role, User
from duobiao.identity.queries import has_second_factor
from duobiao.identity.tests.factories import PASSWORD, make_administrator, make_token, make_unit, make_user
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.timeline import registry
from duobiao.timeline.models import Entry, EntryDetail
from tests.support.api import ApiClient

pytestmark = pytest.mark.django_db
EVERYBODY_ELSE = [role for role in Role.values if role != Role.ADMINISTRATOR]


def events() -> list[str]:
    """Return the names of all recorded events in order."""
    return list(Entry.objects.order_by("id").values_list("event", flat=True))


def test_an_invited_person_sets_the_password_by_the_link_and_is_signed_in(now, client):
    admin, unit = make_administrator(), make_unit()
    invitation = invite_user(username="chen", name="陈思远", role="seller", unit=unit, actor=admin, now=now)

    page = client.get(invitation.path, follow=True)
    target = page.redirect_chain[-1][0]
    answer = client.post(target, {"password1": "blue-river-77", "password2": "blue-river-77"})

    user = User.objects.get(username="chen")
    assert answer.status_code == 302
    assert user.check_password("blue-river-77")
    assert client.get("/profile/").status_code == 200
    assert events() == ["identity.user_invited", "identity.password_set", "identity.signed_in"]


def test_a_link_works_once(now, client):
    invitation = invite_user(username="chen", name="陈思远", role="seller", actor=make_administrator(), now=now)
    target = client.get(invitation.path, follow=True).redirect_chain[-1][0]
    client.post(target, {"password1": "blue-river-77", "password2": "blue-river-77"})

    again = Client().get(invitation.path)

    assert again.status_code == 200
    assert "password1" not in again.content.decode()


@pytest.mark.parametrize("role", EVERYBODY_ELSE)
def test_nobody_but_an_administrator_runs_accounts(now, role):
    actor, user = make_user(role), make_user()
    acts = [
        lambda: invite_user(username="x", name="x", role="seller", actor=actor, now=now),
        lambda: change_user(user=user, values={"role": "administrator"}, version=1, actor=actor, now=now),
        lambda: deactivate_user(user=user, version=1, actor=actor, now=now),
        lambda: reactivate_user(user=user, version=1, actor=actor, now=now),
        lambda: make_password_link(user=user, actor=actor, now=now),
        lambda: reset_second_step(user=user, actor=actor, now=now),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()

    user.refresh_from_db()
    assert (user.role, user.is_active, user.version) == ("seller", True, 1)
    assert User.objects.count() == 2
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "TAKEN"}, "username"),
        ({"email": "Taken@Example.com"}, "email"),
        ({"username": "has space"}, "username"),
        ({"username": ""}, "username"),
        ({"name": "长" * 81}, "name"),
        ({"role": "emperor"}, "role"),
        ({"email": "no-address"}, "email"),
    ],
)
def test_an_account_with_bad_values_is_refused_by_field(now, values, field):
    admin = make_administrator()
    make_user(username="taken", email="taken@example.com")

    with pytest.raises(Invalid) as refused:
        invite_user(**{"username": "new", "name": "新人", "role": "seller", **values}, actor=admin, now=now)

    assert set(refused.value.fields) == {field}
    assert User.objects.count() == 2
    assert not Entry.objects.exists()


def test_a_change_keeps_before_and_after(now):
    admin, user = make_administrator(), make_user(name="王伟")
    unit = make_unit("华东一部")

    change_user(user=user, values={"role": "manager", "unit": unit, "name": "王伟"}, version=1, actor=admin, now=now)

    user.refresh_from_db()
    assert (user.role, user.unit, user.version) == ("manager", unit, 2)
    assert EntryDetail.objects.get().data == {"changes": {"role": ["seller", "manager"], "unit": ["", "华东一部"]}}


def test_a_stale_change_shows_what_is_there_and_changes_nothing(now):
    admin, user = make_administrator(), make_user()
    change_user(user=user, values={"name": "甲"}, version=1, actor=admin, now=now)

    with pytest.raises(StaleVersion) as refused:
        change_user(user=User.objects.get(pk=user.pk), values={"name": "乙"}, version=1, actor=admin, now=now)

    assert refused.value.details == {"current": {"version": "2", "name": "甲"}}
    assert User.objects.get(pk=user.pk).name == "甲"
    assert len(events()) == 1


def test_an_old_address_no_longer_resets_the_password(now):
    admin, user = make_administrator(), make_user(email="old@example.com")
    EmailAddress.objects.create(user=user, email="old@example.com", primary=True)

    change_user(user=user, values={"email": "new@example.com"}, version=1, actor=admin, now=now)

    assert not EmailAddress.objects.filter(email="old@example.com").exists()


def test_the_last_administrator_stays(now):
    admin, other = make_administrator(), make_administrator()
    deactivate_user(user=other, version=1, actor=admin, now=now)

    with pytest.raises(LastAdministrator):
        change_user(user=admin, values={"role": "seller"}, version=1, actor=admin, now=now)
    with pytest.raises(Invalid):
        deactivate_user(user=admin, version=1, actor=admin, now=now)

    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("administrator", True)


def test_closing_an_account_ends_sessions_tokens_and_links_at_once(now, client):
    admin, user = make_administrator(), make_user()
    client.force_login(user)
    token = make_token(user, now)
    link = make_password_link(user=user, actor=admin, now=now)
    assert client.get("/profile/").status_code == 200
    assert ApiClient(token).get("/me").status_code == 200

    deactivate_user(user=user, version=1, actor=admin, now=now)

    assert client.get("/profile/").status_code == 302
    assert ApiClient(token).get("/me").status_code == 401
    assert "password1" not in Client().get(link, follow=True).content.decode()
    assert not Client().login(username=user.username, password=PASSWORD)


def test_a_session_from_before_stays_dead_after_reopening(now, client):
    admin, user = make_administrator(), make_user()
    client.force_login(user)
    deactivate_user(user=user, version=1, actor=admin, now=now)

    reactivate_user(user=user, version=2, actor=admin, now=now)

    assert client.get("/profile/").status_code == 302
    user.refresh_from_db()
    assert user.is_active
    assert not user.has_usable_password()


def test_capabilities_above_hear_who_left_and_who_takes_over(now, monkeypatch):
    heard = []
    monkeypatch.setattr(registry, "_handlers", {UserDeactivated: [(0, lambda *call: heard.append(call))]})
    admin, user, successor = make_administrator(), make_user(), make_user(name="许文博")

    deactivate_user(user=user, successor=successor, version=1, actor=admin, now=now)

    event, actor, at = heard[0]
    assert (event.subject, event.successor) == (Ref.of(user), Ref.of(successor))
    assert (actor, at) == (admin, now)
    assert event.describe(event.data)[1].endswith("许文博")


def test_learners_go_to_a_successor_who_may_coach(now):
    admin, coach, manager, seller = make_administrator(), make_user("coach"), make_user("manager"), make_user()
    learner = make_user(coach=coach)
    manager.coach = coach
    manager.save(update_fields=["coach"])

    deactivate_user(user=coach, successor=manager, version=1, actor=admin, now=now)

    learner.refresh_from_db()
    manager.refresh_from_db()
    assert (learner.coach, manager.coach) == (manager, None)
    deactivate_user(user=manager, successor=seller, version=1, actor=admin, now=now)
    learner.refresh_from_db()
    assert learner.coach is None


@pytest.mark.parametrize("successor", ["self", "closed"])
def test_a_successor_is_somebody_else_who_can_work(now, successor):
    admin, user = make_administrator(), make_user()
    person = user if successor == "self" else make_user(is_active=False)

    with pytest.raises(Invalid):
        deactivate_user(user=user, successor=person, version=1, actor=admin, now=now)

    assert User.objects.get(pk=user.pk).is_active


def test_closing_and_reopening_twice_is_refused(now):
    admin, user = make_administrator(), make_user()

    with pytest.raises(AlreadyOpen):
        reactivate_user(user=user, version=1, actor=admin, now=now)
    deactivate_user(user=user, version=1, actor=admin, now=now)
    with pytest.raises(AlreadyClosed):
        deactivate_user(user=user, version=2, actor=admin, now=now)
    with pytest.raises(AccountClosed):
        make_password_link(user=user, actor=admin, now=now)

    assert events() == ["identity.user_deactivated"]


def test_a_lost_second_step_is_taken_away_by_somebody_else(now):
    admin, user = make_administrator(), make_user()
    with pytest.raises(NoSecondStep):
        reset_second_step(user=user, actor=admin, now=now)
    for person in (admin, user):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
        Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})

    with pytest.raises(Invalid):
        reset_second_step(user=admin, actor=admin, now=now)
    reset_second_step(user=user, actor=admin, now=now)

    assert not has_second_factor(user)
    assert list(Authenticator.objects.values_list("user", flat=True)) == [admin.pk, admin.pk]
    assert events() == ["identity.second_step_reset"]


def test_a_person_changes_the_own_profile_and_nothing_else(now):
    user = make_user()

    change_profile(values={"language": "en", "time_zone": "Europe/Berlin"}, version=1, actor=user, now=now)

    user.refresh_from_db()
    assert (user.language, user.time_zone, user.version) == ("en", "Europe/Berlin", 2)
    for values in ({"role": "administrator"}, {"language": "xx"}, {"time_zone": "Mars/Base"}, {"name": ""}):
        with pytest.raises(Invalid):
            change_profile(values=values, version=2, actor=user, now=now)
    assert events() == ["identity.profile_changed"]


def test_who_has_a_name_is_said_and_a_free_one_proposed():
    make_user(username="zhangwei", name="张伟", unit=make_unit("华东一部"), email="zw@example.com")
    make_user(username="ZhangWei2")

    with override("en"), pytest.raises(NameTaken) as taken:
        require_free(username="zhangwei")
    with override("en"), pytest.raises(NameTaken) as mail:
        require_free(email="ZW@example.com")

    assert str(taken.value.fields["username"]) == (
        "张伟 · 华东一部 signs in with it; ask them if you are not sure who is meant. Still free: zhangwei3"
    )
    assert str(mail.value.fields["email"]).startswith("It belongs to 张伟 · 华东一部.")
