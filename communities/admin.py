from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities import accounts
from communities.models import ClosedDay, Division, HelpLine, LeadingGroupMember, Posting, Term, User
from communities.places import seats_to_add
from communities.roles import ROLES
from records.lifecycle import refusals_shown
from records.staff_admin import StaffAdmin, StaffInline
from records.staff_site import staff_site
from records.trail import TrailEntry
from records.wording import enumerated


class PostingForm(forms.ModelForm):
    """Offers only the roles the administrator may grant."""

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            self.fields["role"].choices = [
                ("", "—"),
                *((key, ROLES[key].title) for key in accounts.grantable_roles(request.user)),
            ]


@admin.register(Posting, site=staff_site)
class PostingAdmin(StaffAdmin):
    list_display = ["person", "role", "division", "starts_on", "ends_on", "granted_by"]
    list_filter = ["role"]
    list_select_related = ["user", "division", "granted_by"]
    search_fields = ["user__username", "user__name", "division__name"]
    ordering = ["-starts_on", "pk"]
    fields = ["user", "role", "division", "starts_on", "ends_on", "granted_by", "granted_at"]
    readonly_fields = ["granted_by", "granted_at"]
    fixed_fields = ["user", "role", "division", "starts_on"]
    actions = ["end_today"]
    form = PostingForm
    asks_again = True

    @admin.display(description=_("account"), ordering="user__username")
    def person(self, posting):
        return f"{posting.user.name} ({posting.user.username})"

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"__init__": _bound(form, request)})

    def save_model(self, request, obj, form, change):
        if change:
            accounts.end_posting(obj, on=obj.ends_on, by=request.user)
        else:
            made = accounts.grant(
                obj.user,
                obj.role,
                obj.division,
                by=request.user,
                starts_on=obj.starts_on,
                ends_on=obj.ends_on,
            )
            obj.pk = made.pk

    @admin.action(description=_("End the selected postings today"), permissions=["change"])
    def end_today(self, request, postings):
        for posting in postings:
            with refusals_shown(request):
                accounts.end_posting(posting, on=timezone.localdate(), by=request.user)


def _bound(form, request):
    def init(self, *args, **kwargs):
        super(type(self), self).__init__(*args, request=request, **kwargs)

    return init


class PostingInline(StaffInline):
    model = Posting
    fk_name = "user"
    fields = ["role", "division", "starts_on", "ends_on"]

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(User, site=staff_site)
class UserAdmin(StaffAdmin):
    list_display = ["username", "name", "posted_as", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "name"]
    ordering = ["username"]
    fields = ["username", "name", "language", "is_active", "last_login", "link"]
    readonly_fields = ["last_login", "link"]
    inlines = [PostingInline]
    asks_again = True

    def sees_field(self, request, name):
        """Names of accounts are what who manages accounts works with; facts about children they are not."""
        return True

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("postings__division")

    @admin.display(description=_("posted as"))
    def posted_as(self, user):
        today = timezone.localdate()
        return enumerated(
            f"{p.get_role_display()} · {p.division}"
            for p in user.postings.all()
            if p.starts_on <= today and (p.ends_on is None or p.ends_on >= today)
        )

    @admin.display(description=_("password"))
    def link(self, user):
        if not user.pk:
            return _("After saving you make a one-time link; the person sets the password.")
        return format_html(
            '<a class="button" href="{}">{}</a>',
            reverse("communities:link", args=[user.pk]),
            _("Make a one-time link"),
        )

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        elif obj.pk == request.user.pk and "is_active" in form.changed_data:
            raise PermissionDenied
        obj.save()
        if not change:
            messages.info(request, _("Next: give this account a posting, then make a one-time link."))


@admin.register(Division, site=staff_site)
class DivisionAdmin(StaffAdmin):
    list_display = ["name", "name_en", "level", "code"]
    list_filter = ["level"]
    search_fields = ["name", "name_en", "code"]
    ordering = ["code"]
    fields = ["code", "name", "name_en", "level", "parent"]
    fixed_fields = ["code", "level", "parent"]


@admin.register(Term, site=staff_site)
class TermAdmin(StaffAdmin):
    list_display = ["__str__", "district", "starts_on", "ends_on"]
    list_select_related = ["district"]
    ordering = ["-starts_on"]
    fields = ["district", "school_year", "kind", "starts_on", "ends_on"]
    fixed_fields = ["district", "school_year", "kind"]


@admin.register(ClosedDay, site=staff_site)
class ClosedDayAdmin(StaffAdmin):
    list_display = ["day", "name", "is_worked", "district"]
    list_filter = ["is_worked"]
    list_select_related = ["district"]
    ordering = ["-day"]
    fields = ["district", "day", "name", "is_worked"]
    fixed_fields = ["district"]


@admin.register(HelpLine, site=staff_site)
class HelpLineAdmin(StaffAdmin):
    """What an office adds to the national numbers wherever a concern is raised."""

    list_display = ["name", "phone", "hours", "division", "is_current"]
    list_filter = ["is_current"]
    list_select_related = ["division"]
    search_fields = ["name", "phone"]
    ordering = ["division", "name", "pk"]
    fields = ["division", "name", "phone", "hours", "is_current"]
    fixed_fields = ["division"]


@admin.register(LeadingGroupMember, site=staff_site)
class LeadingGroupMemberAdmin(StaffAdmin):
    list_display = ["name", "group", "position", "community", "since", "until"]
    list_filter = ["group", "position"]
    list_select_related = ["community"]
    search_fields = ["name"]
    ordering = ["position", "pk"]
    fields = ["group", "name", "position", "duties", "phone", "account", "since", "until"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "duties":
            return forms.MultipleChoiceField(
                label=db_field.verbose_name,
                choices=db_field.base_field.choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def response_post_save_add(self, request, obj):
        return redirect(f"{reverse('leading_group:group')}?community={obj.community_id}&group={obj.group}")

    response_post_save_change = response_post_save_add

    def get_autocomplete_fields(self, request):
        """None: a search box would look among accounts, which only the administrator lists."""
        return []

    def get_readonly_fields(self, request, obj=None):
        return [name for name in super().get_readonly_fields(request, obj) if name != "account"]

    def _places(self, request):
        """Communities and streets: each has a leading group of its own."""
        seats = seats_to_add(request.user, LeadingGroupMember)
        return seats if len(seats) != 1 else None

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Offers colleagues of the same place by name, and whoever is named now."""
        form = super().get_form(request, obj, change, **kwargs)
        if "account" in form.base_fields:
            seats = request.user.seats_for(LeadingGroupMember, "change")
            posted = Posting.objects.filter(division__in=seats).in_force_on(timezone.localdate())
            posted = posted.filter(role__in=["community_worker", "street_officer"])
            offered = Q(pk__in=posted.values("user"), is_active=True) | Q(pk=obj.account_id if obj else None)
            form.base_fields["account"].queryset = User.objects.filter(offered).order_by("name", "pk")
            form.base_fields["account"].label_from_instance = lambda user: user.name
        return form


@admin.register(TrailEntry, site=staff_site)
class TrailEntryAdmin(StaffAdmin):
    """Who did and who read what, by keys alone."""

    list_display = ["at", "actor", "actor_role", "act", "model_label", "object_key", "refused"]
    list_filter = ["refused"]
    list_select_related = ["actor"]
    readonly_fields = ["act"]
    search_fields = ["actor__username", "object_key"]
    ordering = ["-id"]
    fields = [
        "at",
        "actor",
        "actor_role",
        "act",
        "model_label",
        "object_key",
        "community",
        "fields",
        "page",
        "address",
    ]

    @admin.display(description=_("act"))
    def act(self, entry):
        return gettext(entry.verb)
