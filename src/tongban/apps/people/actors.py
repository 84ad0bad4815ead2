"""Who does something, as the domain sees it: capacity and reach, not a sign-in."""

from dataclasses import dataclass, field

__all__ = ["SYSTEM", "Actor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever acts. ``id`` goes to the log (never a name or number of a person)."""

    id: str
    name: str = ""
    name_en: str = ""
    user_id: int | None = None
    person_id: int | None = None
    organisations: frozenset[str] = frozenset()  # for which the actor acts in all matters
    mandates: frozenset[tuple[str, str]] = frozenset()  # (organisation, matter): for which in this matter only
    persons: frozenset[tuple[int, str]] = frozenset()  # (person, matter): for whom too; "" is every matter
    departments: frozenset[str] = frozenset()
    roles: frozenset[tuple[str, str]] = field(default=frozenset())  # (department, role), those of absent colleagues too
    stands_for: frozenset[tuple[int, str, str]] = frozenset()  # (absent sign-in, department, role)
    borrowed: frozenset[tuple[str, str]] = frozenset()  # roles that are held in somebody's place only
    assurance: str = ""  # how surely the session is the actor's (see `assurance`)

    @property
    def is_official(self) -> bool:
        """Whether the actor serves in any department."""
        return bool(self.departments)

    def acts_for(self, organisation: str, *, matter: str) -> bool:
        """Whether the actor may act for ``organisation`` in this matter."""
        return organisation in self.organisations or (organisation, matter) in self.mandates

    def acts_for_person(self, person: int, *, matter: str) -> bool:
        """Whether the actor may act for another ``person`` in this matter."""
        return (person, "") in self.persons or (person, matter) in self.persons

    @property
    def acts_for_others(self) -> bool:
        """Whether there is anybody else in whose name the actor may act."""
        return bool(self.organisations or self.mandates or self.persons)

    def matters_for(self, key: str) -> frozenset[str] | None:
        """In which matters the actor may act for the applicant called ``key``; None: in all."""
        kind, _, which = key.partition(":")
        if kind == "organisation":
            if which in self.organisations:
                return None
            return frozenset(matter for body, matter in self.mandates if body == which)
        if which == str(self.person_id):
            return None
        scopes = {matter for person, matter in self.persons if str(person) == which}
        return None if "" in scopes else frozenset(scopes)

    def may_be(self, key: str) -> bool:
        """Whether the actor may act, in any matter, for the applicant called ``key`` (``queries.Applicant``)."""
        kind, _, which = key.partition(":")
        if kind == "organisation":
            return which in self.organisations or any(body == which for body, _ in self.mandates)
        return which == str(self.person_id) or any(which == str(person) for person, _ in self.persons)

    @property
    def own_roles(self) -> frozenset[tuple[str, str]]:
        """The roles that the actor holds in their own right."""
        return self.roles - self.borrowed if self.borrowed else self.roles

    @property
    def absent(self) -> frozenset[int]:
        """The sign-ins of those in whose place the actor may act today."""
        return frozenset(user for user, _department, _role in self.stands_for) if self.stands_for else frozenset()

    def has_in_hand(self, holder: int | None) -> bool:
        """Whether what ``holder`` has taken on is the actor's to do: their own, or an absent colleague's."""
        return holder is not None and (holder == self.user_id or holder in self.absent)

    def has_role(self, role: str, *, department: str | None = None) -> bool:
        """Whether the actor holds ``role``, in ``department`` or anywhere."""
        return any(held == role and department in (None, where) for where, held in self.roles)


SYSTEM = Actor(id="system", name="系统", name_en="System")
