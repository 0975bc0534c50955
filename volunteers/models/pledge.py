"""The confidentiality pledge: its words change by new versions, and who signed an older one signs again."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.scoping import Record, ScopedQuerySet
from records.trail import log_act

# Version 0, where a district has written none of its own.
SHIPPED = _(
    "I keep to myself what I learn of children and families. I tell it to nobody but the child staff of the community "
    "and street, and to the police when a child is in danger.\n"
    "I take no picture of a child and pass none on without the guardian's consent.\n"
    "I am never alone with a child behind a closed door, I give and take no money, and I keep no contact that the "
    "guardian does not know of.\n"
    "When I am worried about a child I call at once.\n"
    "What I have promised holds on after I have stopped helping."
)


class PledgeQuerySet(ScopedQuerySet):
    def of_district(self, code):
        return self.filter(district_id=code[:6]).order_by("number")

    def text_on(self, code, day):
        """(version, words) of the pledge to be signed on `day`; a version announced for a day to come is signed
        already, so that nobody signs twice."""
        newest = self.of_district(code).filter(published_on__lte=day).last()
        return (newest.number, newest.text) if newest else (0, str(SHIPPED))


class PledgeText(Record):
    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        limit_choices_to={"level": "district"},
        related_name="+",
        verbose_name=_("district"),
    )
    number = models.PositiveSmallIntegerField(_("version"), editable=False)
    text = models.TextField(_("words of the pledge"), max_length=3000)
    from_day = models.DateField(
        _("to be signed before"),
        help_text=_("From this day an earlier version no longer counts. Leave people some weeks to sign."),
    )
    published_on = models.DateField(_("published on"), default=timezone.localdate, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = [*["id", "district", "number", "text", "from_day", "published_on", "published_by"]]

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("confidentiality pledge")
        verbose_name_plural = _("confidentiality pledges")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "number"],
                name="one_pledge_per_district_and_version",
                violation_error_message=_("Somebody else has just published a version. Please look at it first."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="pledge_versions_begin_with_one",
                violation_error_message=_("Versions begin with 1."),
            ),
        ]

    def __str__(self):
        return f"{self.district_id}/{self.number}"

    def clean(self):
        super().clean()
        if self.from_day and self.from_day <= timezone.localdate():
            raise ValidationError({"from_day": _("Choose a day to come: nobody loses access without notice.")})

    @classmethod
    @transaction.atomic
    def publish(cls, *, district, text, from_day, by):
        """Put new words to be signed by everyone before `from_day`."""
        type(district).objects.select_for_update(no_key=True).get(pk=district.pk)
        last = cls.objects.of_district(district.pk).last()
        pledge = cls.objects.create(
            district=district,
            number=last.number + 1 if last else 1,
            text=text,
            from_day=from_day,
            published_by=by,
        )
        log_act(by, "published a pledge", pledge)
        return pledge
