from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.privacy import BASIC, CARE
from records.staff_admin import StaffAdmin
from records.staff_filters import ChoiceParameterFilter, StaffChangeList
from records.staff_site import staff_site
from records.wording import listed
from volunteers.kinds import DutyKind
from volunteers.models import Contact, ContactDuty


class KindFilter(ChoiceParameterFilter):
    title = _("which of the five ones")
    parameter_name = "kind"
    options = {value: (label, lambda rows, value=value: rows.of_kind(value)) for value, label in DutyKind.choices}


class StateFilter(ChoiceParameterFilter):
    title = _("what is to do")
    parameter_name = "state"
    options = {
        "follow_up": (_("the office should act"), lambda rows: rows.to_follow_up()),
        "answered": (_("answer to read"), lambda rows: rows.answered()),
        "asked": (_("asked back, no answer yet"), lambda rows: rows.asked_back()),
        "new": (_("not checked yet"), lambda rows: rows.filter(status=Contact.Status.WRITTEN)),
        "tried": (_("nobody reached"), lambda rows: rows.only_tried()),
    }


class ContactList(StaffChangeList):
    def url_for_result(self, result):
        return result.get_absolute_url()


@admin.register(Contact, site=staff_site)
class ContactAdmin(StaffAdmin):
    """The list; a contact has a page of its own, and what helpers write is changed there by acts alone."""

    list_display = ["made_on", "helper_name", "children_shown", "kinds_shown", "state_shown"]
    list_filter = [StateFilter, KindFilter]
    search_fields = ["volunteer__name"]
    search_help_text = _("Name of the helper")
    list_select_related = ["volunteer"]
    ordering = ["-made_on", "-pk"]
    fields = ["made_on"]
    column_facts = {"helper_name": BASIC, "children_shown": BASIC, "kinds_shown": CARE, "state_shown": CARE}

    def get_changelist(self, request, **kwargs):
        return ContactList

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, object_id)
        if found is not None and self.has_view_permission(request, found):
            return HttpResponseRedirect(found.get_absolute_url())
        return super().change_view(request, object_id, form_url, extra_context)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.resolver_match.url_name == "volunteers_contact_changelist":
            rows = rows.select_related("volunteer").only(
                *["made_on", "kinds", "met", "status", "follow_up", "settled_at", "community", "district", "volunteer"],
                "volunteer__name",
            )
            lines = ContactDuty.objects.visible_to(request.user).select_related("pairing__child")
            rows = rows.prefetch_related(Prefetch("lines", lines))
        return rows

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("helper"), ordering="volunteer__name")
    def helper_name(self, contact):
        return contact.volunteer.name

    @admin.display(description=_("children"))
    def children_shown(self, contact):
        return listed(dict.fromkeys(line.pairing.child.name for line in contact.lines.all()))

    @admin.display(description=_("which of the five ones"))
    def kinds_shown(self, contact):
        return listed(contact.kind_words) or gettext("another contact")

    @admin.display(description=_("status"))
    def state_shown(self, contact):
        return render_to_string("contacts/_status.html", {"contact": contact})
