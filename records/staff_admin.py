"""The staff pages' one base. Scoping `get_queryset` alone is not enough: rows also leak through foreign keys' choices,
filters, prefilled forms, lookups, histories and messages. All of these are closed here, once."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import BadRequest, FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from records import once
from records.lifecycle import Refused
from records.placing import Placing
from records.policy import NotVisible
from records.scoped_forms import ScopedForms, own_choices
from records.staff_checks import StaffAdminChecks, StaffInlineChecks
from records.staff_filters import (
    CappedPaginator,
    ScopedRelatedFilter,
    StaffChangeList,
    clean_search,
    is_number_of_a_person,
)
from records.step_up import ask_again
from records.text import refuse_unstorable
from records.trail import TrailEntry, log_act, log_read, log_refused
from records.versions import Versioned, VersionedFormMixin

_shown: dict[type[models.Model], list] = {}


def shown_on(model):
    """Offer an inline of a higher app to the page of a lower app's `model`, which never hears of it."""

    def register(inline):
        _shown.setdefault(model, []).append(inline)
        return inline

    return register


class RefusedFormMixin(forms.ModelForm):
    """A form that was in order, and whose act a rule forbade."""

    refusal = ""

    def clean(self):
        cleaned = super().clean()
        self.add_error(None, self.refusal)
        return cleaned


class StaffAdmin(Placing, ScopedForms, admin.ModelAdmin):
    """Base of staff pages. Declare `fields` or `fieldsets`, and `community_from` where a parent gives the place."""

    checks_class = StaffAdminChecks
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    empty_value_display = "—"
    save_as = False
    view_on_site = False
    asks_again = False  # True where changing a row asks for the password again
    records_reads = False  # True where opening the page is a look at a person's file

    def get_queryset(self, request):
        acting = request.method == "POST" and "action" in request.POST
        rows = self.model._default_manager.visible_to(request.user, "change" if acting else "view")
        return rows.order_by(*(self.get_ordering(request) or ()))

    def get_object(self, request, object_id, from_field=None):
        if "\x00" in object_id:
            return None
        found = super().get_object(request, object_id, None)
        if found is None:
            log_refused(request.user, self.model, object_id, page=request.resolver_match.view_name)
        return found

    def has_view_permission(self, request, obj=None):
        return self._may(request, "view") or self._may(request, "change")

    def has_add_permission(self, request):
        return self._may(request, "add")

    def has_change_permission(self, request, obj=None):
        if not self._may(request, "change"):
            return False
        return obj is None or type(obj)._default_manager.visible_to(request.user, "change").filter(pk=obj.pk).exists()

    def lookup_allowed(self, lookup, value, request):
        """Only what the filters on the page can produce; stock admin allows any local field."""
        allowed = set()
        for item in self.get_list_filter(request):
            path = item[0] if isinstance(item, tuple) else item
            if isinstance(path, str):
                allowed |= {
                    path,
                    f"{path}__exact",
                    f"{path}__isnull",
                    f"{path}__id__exact",
                    f"{path}__code__exact",
                }
            elif name := getattr(path, "parameter_name", None):
                allowed.add(name)  # a filter of the page's own, which takes its parameter itself
        return lookup in allowed

    def get_list_filter(self, request):
        """Relations are offered through the scoped filter, whatever was declared."""
        return [(f, ScopedRelatedFilter) if self._is_relation(f) else f for f in self.list_filter]

    def _is_relation(self, path):
        if not isinstance(path, str):
            return False
        model = self.model
        for part in path.split("__"):
            try:
                field = model._meta.get_field(part)
            except FieldDoesNotExist:
                return False
            model = field.related_model
        return field.is_relation

    def get_list_display(self, request):
        return [name for name in self.list_display if self.sees_field(request, name)]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, clean_search(search_term))

    def get_fieldsets(self, request, obj=None):
        shown = []
        for title, options in super().get_fieldsets(request, obj):
            rows = [self._shown_fields(request, row) for row in options["fields"]]
            if rows := [row for row in rows if row]:
                shown.append((title, {**options, "fields": rows}))
        return shown

    def _shown_fields(self, request, row):
        if isinstance(row, (list, tuple)):
            return [name for name in row if self.sees_field(request, name)]
        return row if self.sees_field(request, row) else None

    def get_readonly_fields(self, request, obj=None):
        names = [*super().get_readonly_fields(request, obj)]
        if obj is not None:
            names += self.fixed_fields
            names += [f.name for f in self.opts.fields if f.many_to_one and self._is_foreign(f, obj, request.user)]
        return list(dict.fromkeys(names))

    def _is_foreign(self, field, obj, user):
        """A current value out of scope is shown, never offered: a select without it would null it on save."""
        key = getattr(obj, field.attname)
        rows = field.related_model._default_manager
        return key is not None and hasattr(rows, "visible_to") and not rows.visible_to(user).filter(pk=key).exists()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = self.form
        if issubclass(self.model, Versioned) and not issubclass(form, VersionedFormMixin):
            form = type(form.__name__, (VersionedFormMixin, form), {})
        form = self._form_for_whole_row(request, form, obj)
        if refusal := getattr(request, "refused_with", ""):
            form = type(form.__name__, (RefusedFormMixin, form), {"refusal": refusal})
        return super().get_form(request, obj, change, **{"form": form, **kwargs})

    def get_changeform_initial_data(self, request):
        """Prefilled values only for fields on the form; a foreign key out of scope is dropped."""
        initial = {}
        for name, value in super().get_changeform_initial_data(request).items():
            try:
                field = self.opts.get_field(name)
            except FieldDoesNotExist:
                continue
            if field.is_relation:
                try:
                    if not own_choices(field, request.user).filter(pk=value).exists():
                        continue
                except (ValueError, TypeError):
                    continue
            initial[name] = value
        return initial

    def response_action(self, request, queryset):
        """Chosen rows that are no keys at all are a broken request, not an error of ours."""
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(key)
                refuse_unstorable(key)
        except ValidationError as error:
            raise BadRequest from error
        return super().response_action(request, queryset)

    def get_changelist(self, request, **kwargs):
        return StaffChangeList

    def get_preserved_filters(self, request):
        return "" if is_number_of_a_person(request.GET.get(SEARCH_VAR, "")) else super().get_preserved_filters(request)

    def changelist_view(self, request, extra_context=None):
        """A search is posted. Somebody's number is searched for at once, all else at an address of its own."""
        if self.asks_again and "action" in request.POST:
            ask_again(request)
        if request.method == "POST" and SEARCH_VAR in request.POST:
            asked = request.GET.copy()
            asked[SEARCH_VAR] = clean_search(request.POST[SEARCH_VAR])
            if not is_number_of_a_person(asked[SEARCH_VAR]):
                return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")
            request.GET = asked
        try:
            return super().changelist_view(request, extra_context)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if self.asks_again and (self._may(request, "add") or self._may(request, "change")):
            ask_again(request)  # before the form is drawn, so that nothing typed is lost
        try:
            if object_id is None and request.method == "POST":
                with once.claim(request) as claim:
                    if claim.repeated:
                        return HttpResponseRedirect(claim.result_url or request.path)
                    response = super().changeform_view(request, object_id, form_url, extra_context)
                    if response.status_code == 302:
                        claim.result_url = response.url
                    else:
                        claim.release()
                    return response
            response = super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refused_with = refusal.message  # the same form again, with what was typed in it
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if self.records_reads and object_id and response.status_code == 200:
            original = response.context_data.get("original")
            if original is not None:
                log_read(request.user, original, page=request.resolver_match.view_name)
        return response

    def history_view(self, request, object_id, extra_context=None):
        """Who did and who read, from the trail: keys and field names only."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        entries = TrailEntry.objects.about(obj).select_related("actor")[:200]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "entries": entries,
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def delete_view(self, request, object_id, extra_context=None):
        raise NotVisible(self.model, None)

    def log_addition(self, request, obj, message):
        log_act(request.user, "added", obj)

    def log_change(self, request, obj, message):
        changed = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        log_act(request.user, "changed", obj, fields=changed)

    def log_deletions(self, request, queryset):
        raise PermissionDenied

    def construct_change_message(self, request, form, formsets, add=False):
        """Field names, not labels: the trail is read in every language."""
        fields = [name for name in form.changed_data if name != "seen_version"]
        for formset in formsets or []:
            fields += [formset.model._meta.model_name for _new in formset.new_objects]
            fields += [f"{obj._meta.model_name}.{name}" for obj, names in formset.changed_objects for name in names]
        return [{"changed": {"fields": fields}}]

    def get_inlines(self, request, obj):
        """Own inlines, and those higher apps show here; only on a saved row."""
        offered = [*super().get_inlines(request, obj), *_shown.get(self.model, [])]
        return [i for i in offered if obj is not None or getattr(i, "on_add", False)]


class StaffInline(ScopedForms, admin.TabularInline):
    """Rows of another model on a staff page, scoped like a page of their own."""

    checks_class = StaffInlineChecks
    extra = 0
    show_change_link = True
    on_add = False

    def get_queryset(self, request):
        return self.model._default_manager.visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        return self._may(request, "view")

    def has_add_permission(self, request, obj):
        return self._may(request, "add")

    def has_change_permission(self, request, obj=None):
        return self._may(request, "change")


class FixedInline(StaffInline):
    """An inline to look at: its rows are made and changed through verbs elsewhere."""

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False
