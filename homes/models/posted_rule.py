from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.owned import CommunityRecord
from records.lifecycle import Refused
from records.scoping import ScopedQuerySet
from records.trail import log_act
from records.versions import stored_for_update


class PostedRuleQuerySet(ScopedQuerySet):
    def hanging(self):
        return self.exclude(text="")


class PostedRule(CommunityRecord):
    """One of the rules that hang in a Home for everybody to read."""

    class Kind(models.TextChoices):
        STUDY = "study", _("Rules for study")
        ACTIVITY = "activity", _("Rules for activities")
        MANAGEMENT = "management", _("Rules of the Home")
        SAFETY = "safety", _("Rules for safety")

    home = models.ForeignKey("homes.Home", on_delete=models.PROTECT, related_name="rules", verbose_name=_("Home"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.TextField(_("text"), max_length=1500, blank=True)

    personal: dict[str, str] = {}
    not_personal = ["id", "community", "district", "home", "kind", "text"]

    objects = PostedRuleQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["home_id", "pk"]
        verbose_name = _("posted rule")
        verbose_name_plural = _("posted rules")
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["home", "kind"],
                name="one_rule_of_a_kind_per_home",
                violation_error_message=_("This rule is posted already."),
            ),
        ]

    def __str__(self):
        return f"{self.home_id}/{self.kind}"

    @property
    def lines(self):
        """The text line by line, each one sentence of the rule."""
        return [line for line in self.text.splitlines() if line]


@transaction.atomic
def post_rules(home, texts, *, seen=None, by):
    """`texts`: {kind: text} of what hangs in the Home from now on; one with an empty text is taken down. `seen`: how
    these were when they were read."""
    held = stored_for_update(home)
    if not held.is_open:
        raise Refused(gettext("This Home is closed."))
    now = dict(held.rules.values_list("kind", "text"))
    if seen is not None and any(now.get(kind, "") != seen.get(kind, "") for kind in texts):
        raise Refused(gettext("Somebody else changed the rules meanwhile. Look at them again."))
    for kind, text in texts.items():
        facts = {"text": text, "community_id": held.community_id}
        PostedRule.objects.update_or_create(home=held, kind=kind, defaults=facts)
    log_act(by, "posted the rules", held)
