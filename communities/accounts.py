"""Accounts: who may give which role where, and how a person gets a password without anyone else knowing it."""

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from communities.models import Posting, User
from communities.roles import ROLES
from records.lifecycle import Refused
from records.scoping import Scope
from records.trail import log_act


def grantable_roles(by):
    """Keys of the roles `by` may give to others."""
    return sorted({key for posting in by.current_postings for key in posting.role_data.grants})


def grantable_at(by, role):
    """The scope in which `by` may give or end this role: that of the posts that grant it, and of no other."""
    return Scope.of(*(p.division_id for p in by.current_postings if role in p.role_data.grants))


@transaction.atomic
def grant(user, role, division, *, by, starts_on=None, ends_on=None):
    """Post `user` to `division` in `role`; refused where `by` could not grant it."""
    _check(user, role, division, by)
    posting = Posting(
        user=user,
        role=role,
        division=division,
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
        granted_by=by,
    )
    posting.full_clean()
    posting.save()
    log_act(by, "granted", posting, user=user.pk, division=division.pk, role=role)
    return posting


def _check(user, role, division, by):
    if user.pk == by.pk:
        raise Refused(_("Nobody grants themselves a posting: ask another administrator."))
    if role not in grantable_roles(by):
        raise Refused(_("This role is not yours to grant."))
    if division.code not in grantable_at(by, role):
        raise Refused(_("This division is not yours."))
    level = ROLES[role].level
    if level and division.level != level:
        raise Refused(
            _("A %(role)s is posted to a %(level)s.")
            % {"role": ROLES[role].title, "level": type(division).Level(level).label}
        )


@transaction.atomic
def end_posting(posting, *, on, by):
    """Let a posting end after `on`; nobody ends their own."""
    if posting.user_id == by.pk:
        raise Refused(_("Nobody changes their own posting: ask another administrator."))
    if posting.role not in grantable_roles(by):
        raise Refused(_("This role is not yours to end."))
    if posting.division_id not in grantable_at(by, posting.role):
        raise Refused(_("This division is not yours."))
    if on is not None and on < posting.starts_on:
        raise Refused(_("A posting cannot end before it starts."))
    posting.ends_on = on
    posting.full_clean()
    posting.save(update_fields=["ends_on"])
    log_act(by, "ended", posting, fields=["ends_on"])


@transaction.atomic
def one_time_link(user, *, by):
    """The path at which `user` sets a password: good once, for three days, and only until they sign in."""
    if user.pk == by.pk:
        raise Refused(_("Change your own password on your own page."))
    if not User.objects.visible_to(by, "change").filter(pk=user.pk).exists():
        raise Refused(_("This account is not yours."))
    log_act(by, "made a one-time link", user)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("one_time_link", args=[uid, default_token_generator.make_token(user)])
