"""Who can see a child's file today, as which role and what of it: for the guardian, who may ask.

Higher apps whose people see part of a file by other ways than a posting say so in a module `access.py`:

    @seers_of_a_file
    def helpers(child):
        yield Seer(name, role, why, since, facts)
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.referring import counsellors_for
from communities.models import Posting
from communities.roles import DIVISION, ROLES
from records.discovery import import_from_apps
from records.privacy import FIELD_CLASSES
from records.trail import TrailEntry
from records.wording import listed

VIEW = "children.view_child"
LATEST = 60  # looks and acts shown


@dataclass(frozen=True)
class Seer:
    """`facts` are words for the classes of facts the person may see; `until` the last day, where there is one."""

    name: str
    role: Any
    why: Any
    since: dt.date
    until: dt.date | None
    facts: Iterable[Any]


_ways: list[Callable] = []


def seers_of_a_file(function):
    """Register the decorated function `child -> Seers`."""
    _ways.append(function)
    return function


def seers(child):
    """Everybody who can open the file today, those nearest to the child first."""
    import_from_apps("access", beside=["children"])
    return [seer for way in _ways for seer in way(child)]


def facts_in_words(role):
    return [words for key, words in FIELD_CLASSES.items() if key in role.sees]


@seers_of_a_file
def staff(child):
    """Accounts posted to a division that the child's community lies in, in a role that sees files there."""
    code = child.community_id
    roles = [key for key, role in ROLES.items() if role.reach == DIVISION and VIEW in role.permissions]
    posted = Posting.objects.in_force_on(timezone.localdate()).filter(
        role__in=roles, division__in=[code, code[:9], code[:6]], user__is_active=True
    )
    for posting in posted.select_related("user", "division").order_by("-division", "user__name", "pk"):
        role = posting.role_data
        title = f"{role.title} · {posting.division}"
        yield Seer(posting.user.name, title, role.purpose, posting.starts_on, posting.ends_on, facts_in_words(role))


@seers_of_a_file
def counsellors(child):
    """Those the child is referred to, as long as they are posted over its community."""
    role = ROLES["counsellor"]
    held = child.referrals.current().filter(counsellor__in=counsellors_for(child).order_by().values("pk"))
    for referral in held.select_related("counsellor").order_by("starts_on", "pk"):
        yield Seer(
            referral.counsellor.name,
            role.title,
            _("The child was referred to them."),
            referral.starts_on,
            referral.ends_on,
            facts_in_words(role),
        )


def looks_at(child):
    """The latest looks at the file, with who looked and in which roles."""
    return with_roles(TrailEntry.objects.about(child).reads().select_related("actor")[:LATEST])


def with_roles(entries):
    """Each entry with the titles of the roles it was done in."""
    shown = list(entries)
    for entry in shown:
        roles = [ROLES[key].title if key in ROLES else key for key in entry.actor_role.split(", ") if key]
        entry.role_words = listed(roles)
    return shown
