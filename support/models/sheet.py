from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from children.models import Hardship
from communities.owned import CommunityRecord
from records.privacy import BASIC, CARE
from records.scoping import ScopedQuerySet
from records.wording import listed
from support.models.application import Application


class SheetQuerySet(ScopedQuerySet):
    def current(self):
        return self.filter(replaced_at=None)

    def to_decide_on(self, day):
        return self.current().filter(application__in=Application.objects.ready_to_decide_on(day).values("pk"))

    def on_notice_on(self, day):
        return self.current().filter(application__in=Application.objects.on_notice_on(day).values("pk"))

    def decided(self):
        return self.current().filter(application__decided_at__isnull=False)


class Sheet(CommunityRecord):
    """All that leaves the street office of an application: frozen when it was checked, and the name masked.

    The federation reads these rows and no other, so that nothing of the file can come along.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="sheets", editable=False, verbose_name=_("application")
    )
    masked_name = models.CharField(_("name, masked"), max_length=20, editable=False)
    age = models.PositiveSmallIntegerField(_("age"), editable=False)
    sex = models.CharField(_("sex"), max_length=1, editable=False, choices=[("M", _("boy")), ("F", _("girl"))])
    hardships = ArrayField(
        models.CharField(max_length=12, choices=Hardship.Kind), verbose_name=_("kind of hardship"), editable=False
    )
    reason = models.TextField(_("reason"), editable=False)
    school_opinion = models.TextField(_("opinion of the school"), blank=True, editable=False)
    amount = models.DecimalField(_("amount applied for"), max_digits=9, decimal_places=2, editable=False)
    frozen_at = models.DateTimeField(_("as it stood"), default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(_("no longer valid since"), null=True, editable=False)

    erased = {"sex": "M"}
    personal = {
        **dict.fromkeys(["masked_name", "age", "sex", "school_opinion"], BASIC),
        **dict.fromkeys(["hardships", "reason"], CARE),
    }
    not_personal = ["id", "application", "community", "district", "amount", "frozen_at", "replaced_at"]

    objects = SheetQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["frozen_at", "pk"]
        verbose_name = _("application sheet")
        verbose_name_plural = _("application sheets")
        indexes = [
            models.Index(fields=["district", "frozen_at"], condition=Q(replaced_at=None), name="sheets_in_force")
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(replaced_at=None),
                name="one_sheet_in_force_per_application",
                violation_error_message=_("This application has already been checked."),
            ),
        ]

    def __str__(self):
        return f"{self.masked_name} {self.pk}"

    def get_absolute_url(self):
        return reverse("support:sheet", args=[self.pk])

    @property
    def hardship_words(self):
        words = dict(Hardship.Kind.choices)
        return listed(words[kind] for kind in self.hardships)
