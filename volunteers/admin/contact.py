from django.contrib import admin
from django.db.models import Prefetch
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.attachments import owner_attachment_url
from records.privacy import BASIC, CARE
from records.staff_admin import FixedInline, StaffAdmin
from records.staff_filters import ChoiceParameterFilter
from records.staff_site import staff_site
from volunteers.kinds import DutyKind
from volunteers.models import Contact, ContactDuty


class KindFilter(ChoiceParameterFilter):
    title = _("which of the five ones")
    parameter_name = "kind"
    options = {value: (label, lambda rows, value=value: rows.of_kind(value)) for value, label in DutyKind.choices}


class ChildrenOfContact(FixedInline):
    model = ContactDuty
    fields = ["child_name", "fulfils"]
    readonly_fields = ["child_name", "fulfils"]
    show_change_link = False
    verbose_name_plural = _("with")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("pairing__child")

    @admin.display(description=_("child"))
    def child_name(self, line):
        return line.pairing.child.name

    @admin.display(description=_("fulfils a duty"), boolean=True)
    def fulfils(self, line):
        return line.duty_id is not None


@admin.register(Contact, site=staff_site)
class ContactAdmin(StaffAdmin):
    """To read: helpers write contacts in the portal, and what is written stays."""

    list_display = ["made_on", "helper_name", "children_shown", "kinds_shown"]
    list_filter = [KindFilter]
    search_fields = ["volunteer__name"]
    search_help_text = _("Name of the helper")
    list_select_related = ["volunteer"]
    ordering = ["-made_on", "-pk"]
    fieldsets = [
        (None, {"fields": [("made_on", "helper_name"), "kinds_shown", ("place", "minutes"), "note", "photo_shown"]})
    ]
    readonly_fields = ["helper_name", "kinds_shown", "children_shown", "photo_shown"]
    column_facts = {"helper_name": BASIC, "children_shown": BASIC, "photo_shown": BASIC, "kinds_shown": CARE}
    inlines = [ChildrenOfContact]
    records_reads = True

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.resolver_match.url_name == "volunteers_contact_changelist":
            rows = rows.select_related("volunteer").only(
                "made_on", "kinds", "community", "district", "volunteer", "volunteer__name"
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
        return ", ".join(dict.fromkeys(line.pairing.child.name for line in contact.lines.all()))

    @admin.display(description=_("which of the five ones"))
    def kinds_shown(self, contact):
        return ", ".join(map(str, contact.kind_words)) or gettext("another contact")

    @admin.display(description=_("photo"))
    def photo_shown(self, contact):
        if contact.photo_id is None:
            return None
        return format_html('<a href="{}">{}</a>', owner_attachment_url(contact, "photo"), gettext("Show photo"))
