from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.roles import ROLE_CHOICES, ROLES
from records.scoping import Record, ScopedQuerySet


class PostingQuerySet(ScopedQuerySet):
    def in_force_on(self, day):
        return self.filter(Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))


class Posting(Record):
    """A person does a role's work in a division, from a day to a day. Rights come from here and nowhere else."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postings", verbose_name=_("account")
    )
    division = models.ForeignKey("communities.Division", on_delete=models.PROTECT, verbose_name=_("division"))
    role = models.CharField(_("role"), max_length=30, choices=ROLE_CHOICES)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("granted by"),
        null=True,
        editable=False,
    )
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)

    community_path = "division_id"
    personal: dict[str, str] = {}
    not_personal = ["id", "user", "division", "role", "starts_on", "ends_on", "granted_by", "granted_at"]

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        indexes = [models.Index(fields=["user", "starts_on"], name="posting_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="posting_ends_after_it_starts",
                violation_error_message=_("A posting cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(user=F("granted_by")),
                name="nobody_grants_themselves_a_posting",
                violation_error_message=_("Nobody grants themselves a posting: ask another administrator."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=list(ROLES)),
                name="posting_role_is_known",
                violation_error_message=_("There is no such role."),
            ),
            models.UniqueConstraint(
                fields=["user", "division", "role"],
                condition=Q(ends_on=None),
                name="one_open_posting_per_user_division_and_role",
                violation_error_message=_("This person already has this posting."),
            ),
        ]

    def __str__(self):
        return f"{self.user_id}/{self.division_id}/{self.role}"

    @property
    def role_data(self):
        """The role's rights; a role this version does not know has none."""
        return ROLES.get(self.role, _NOTHING)


_NOTHING = type(ROLES["volunteer"])(_("unknown role"), _("Has no rights."), frozenset(), staff=False)
