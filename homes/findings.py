"""What was found, in words for one reader. Small figures about people are hidden from those who may not see the people.

A percentage hides as well when what it is made of, or what it leaves, is 1 to 4: whoever knows the total could reckon
back.
"""

from decimal import ROUND_FLOOR, Decimal

from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homes import measuring
from homes.models import StandardItem

SMALL = range(1, 5)
Kind, Reckoned = StandardItem.Kind, StandardItem.Reckoned


def measure_url(item):
    """The page that explains the measure behind an item; "" where there is none."""
    if measuring.registered(item.measure) is None:
        return ""
    try:
        return reverse("reports:measure", args=[item.measure])
    except NoReverseMatch:
        return ""


class Findings:
    """Answers as `user` may read them."""

    def __init__(self, user):
        self.user = user
        self._hidden = {}

    def hides_small(self, item):
        """Whether small figures of this item stay hidden: they count people whom this reader may not see."""
        if item.measure not in self._hidden:
            rows = measuring.registered(item.measure)
            self._hidden[item.measure] = item.kind == Kind.COMPUTED and (
                rows is None or (rows.hides_small and not self.user.codes_for(rows.model))
            )
        return self._hidden[item.measure]

    def words(self, answer):
        item = answer.item
        if answer.not_applicable:
            return _("does not apply")
        if answer.has_nothing_to_measure:
            return _("nothing to measure")
        if not answer.is_answered:
            return _("not answered")
        match item.kind:
            case Kind.BOOL:
                return _("yes") if answer.yes else _("no")
            case Kind.CHOICE:
                return item.choices[answer.choice] if answer.choice < len(item.choices) else "—"
            case Kind.PHOTO:
                number = len(answer.photos_kept)
                return ngettext("%(number)s photo", "%(number)s photos", number) % {"number": number}
        if self.hides_small(item):
            return self._without_small_figures(answer)
        return self._measured(answer) if answer.measured else item.with_unit(answer.number)

    def _measured(self, answer):
        item, value = answer.item, answer.item.with_unit(answer.number)
        facts = {"part": answer.numerator, "whole": answer.denominator, "value": value}
        match item.reckoned:
            case Reckoned.SHARE | Reckoned.COVERED:
                return _("%(part)s of %(whole)s = %(value)s") % facts
            case Reckoned.QUARTERLY:
                return _("%(part)s of %(whole)s quarters = %(value)s") % facts
            case Reckoned.MONTHLY:
                return _("%(part)s in %(whole)s months = %(value)s") % facts
        return value

    def _without_small_figures(self, answer):
        item = answer.item
        if item.is_share:
            return self._share_without_small_figures(answer)
        if answer.number in SMALL:
            return _("fewer than 5")
        return item.with_unit(answer.number)

    def _share_without_small_figures(self, answer):
        if answer.measured:
            part, whole = answer.numerator, answer.denominator
            if any(n in SMALL for n in (part, whole, whole - part)):
                return _("not shown: small figures")
        whole_percent = Decimal(answer.number).quantize(Decimal(1), ROUND_FLOOR)
        return f"{number_format(whole_percent)} %"
