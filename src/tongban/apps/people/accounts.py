"""Commands about sign-ins that an operator gives: the first administrator, the end of an account."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from tongban.apps.people.errors import UnknownAccount, UnknownDepartment, UsernameTaken
from tongban.apps.people.models import Department, Membership, Role, User

__all__ = ["Ended", "create_administrator", "end_account"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What ended with an account: so many browsers were signed out, so many roles given up."""

    user_id: int
    sessions: int
    roles: int


@transaction.atomic
def create_administrator(*, username: str, name: str, name_en: str, department: str, password: str) -> int:
    """Create a sign-in that administers, in a department; return its id.

    Whoever it is sets up a second factor at the first visit to a staff page. Raises ``UsernameTaken``,
    ``UnknownDepartment``, or Django's ``ValidationError`` with everything that is wrong with the password.
    """
    if User.objects.filter(username__iexact=username).exists():
        raise UsernameTaken(username)
    if not Department.objects.filter(pk=department).exists():
        raise UnknownDepartment(department)
    user = User(username=username, name=name, name_en=name_en)
    user.full_clean(exclude=["password"])
    validate_password(password, user)
    user.set_password(password)
    user.save()
    Membership.objects.create(user=user, department_id=department, role=Role.ADMINISTRATOR)
    return user.pk


@transaction.atomic
def end_account(*, username: str) -> Ended:
    """End a sign-in: no password works, every browser is signed out, every role is given up; what was done stays.

    Raises ``UnknownAccount``. Ended again, nothing changes.
    """
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise UnknownAccount(username)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    roles, _ = Membership.objects.filter(user=user).delete()
    return Ended(user_id=user.pk, sessions=_sign_out(user.pk), roles=roles)


def _sign_out(user_id: int) -> int:
    """End the sessions of a user; a session says whose it is only inside, so each is opened."""
    engine = import_module(settings.SESSION_ENGINE)
    ended = 0
    for row in engine.SessionStore.get_model_class().objects.iterator(chunk_size=1000):
        store: SessionBase = engine.SessionStore(session_key=row.session_key)
        if store.decode(row.session_data).get("_auth_user_id") == str(user_id):
            row.delete()
            ended += 1
    return ended
