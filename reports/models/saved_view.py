from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.scoping import Record, ScopedQuerySet


class SavedViewQuerySet(ScopedQuerySet):
    def visible_to(self, user, action="view"):
        """One's own, and those shared within the district; only one's own can be changed."""
        inside = super().visible_to(user, action).filter(put_away_at=None)
        mine = Q(owner_id=user.pk)
        return inside.filter(mine if action == "change" else mine | Q(is_shared=True))


class SavedView(Record):
    """Choices on a page of the district's figures, kept under a name.

    It holds the choices alone, as the page's query string: the figures are read when it is opened, by who opens it.
    """

    class Page(models.TextChoices):
        OVERVIEW = "district", _("District overview")
        COMPARE = "district_compare", _("Streets and communities compared")

    district = models.ForeignKey(
        "communities.Division",
        on_delete=models.PROTECT,
        limit_choices_to={"level": "district"},
        related_name="+",
        editable=False,
        verbose_name=_("district"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("kept by"),
    )
    name = models.CharField(_("name"), max_length=60)
    page = models.CharField(_("page"), max_length=20, choices=Page, editable=False)
    choices = models.CharField(_("choices"), max_length=1000, blank=True, editable=False)
    is_shared = models.BooleanField(_("shared within the district"), default=False)
    put_away_at = models.DateTimeField(_("put away"), null=True, editable=False)

    community_path = "district_id"
    personal: dict[str, str] = {}
    not_personal = ["id", "district", "owner", "name", "page", "choices", "is_shared", "put_away_at"]

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "district", "name"],
                condition=Q(put_away_at=None),
                name="one_saved_view_of_a_name_per_person",
                violation_error_message=_("You already keep a view of this name."),
            )
        ]

    def __str__(self):
        return str(self.pk)

    def get_absolute_url(self):
        return reverse("reports:view", args=[self.pk])

    @property
    def address(self):
        """The page with these choices."""
        return f"{reverse(f'reports:{self.page}')}?{self.choices}"
