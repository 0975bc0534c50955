"""The fields that ask where something is held: at a Home, or elsewhere."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from homes.models import Home
from records.text import CleanCharField


class VenueMixin(forms.Form):
    """Whoever types the name of the Home has chosen it; what is chosen goes before what is typed."""

    home = forms.ModelChoiceField(
        Home.objects.none(), label=_("Held at"), required=False, empty_label=_("another place")
    )
    venue = CleanCharField(label=_("Venue"), max_length=100, required=False)
    venue_is_needed = True

    def offer_homes(self, by, *, community=None, held=None):
        """The open Homes in reach, of `community` where there is one; and `held`, where it is held so far."""
        offered = Home.objects.visible_to(by).filter(closed_on=None)
        if community:
            offered = offered.filter(community=community)
        if held:
            offered |= Home.objects.filter(pk=held)
        field = self.fields["home"]
        field.queryset, field.label_from_instance = offered, lambda home: home.name
        if offered.exists():
            self.fields["venue"].help_text = _("Where it is held, if not at the Home.")
        else:
            del self.fields["home"]
            self.fields["venue"].required = self.venue_is_needed

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        venue = cleaned.get("venue")
        home = cleaned.get("home") or (self._named(venue) if venue else None)
        cleaned["home"], cleaned["venue"] = home, "" if home else venue
        if self.venue_is_needed and not (home or venue or {"home", "venue"} & self.errors.keys()):
            self.add_error("venue", _now("Choose the Home, or say where it is held."))
        return cleaned

    def _named(self, venue):
        if "home" not in self.fields:
            return None
        found = [home for home in self.fields["home"].queryset.filter(name__iexact=venue) if self.may_be_held_at(home)]
        return found[0] if len(found) == 1 else None

    def may_be_held_at(self, home):
        """Whether this Home belongs to the community that the form is about."""
        return True
