"""All data of one child, for the guardian's right to a copy. It follows the schema: nothing is forgotten.

From the child it goes to the household and its adults, and to every row of any app that points at the child or at
something that does. Brothers and sisters have copies of their own. A row that serves several children is about each
of one family; where it serves children of another family too, it is in no copy.
"""

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from children.ethnic_groups import ethnic_word
from children.grades import grade_word
from children.models import Adult, Away, Child, Household, Kinship
from children.stays import in_words
from communities.owned import CommunityRecord
from records.attachments import Attachment
from records.scoping import Record
from records.secrets import Companion, SecretJSONField
from records.trail import TrailEntry
from records.wording import listed


def pointing_at(model):
    """(model, name of the foreign key) of every row of ours that points at `model`."""
    for relation in model._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if points_here and issubclass(relation.related_model, Record):
            yield relation.related_model, relation.field.name


def copied_models():
    """{model: path from it to what it hangs on}, every model whose rows belong to a child, nearest first."""
    found = {Child: None, Household: None, Adult: None, Kinship: (Child, "child"), Away: (Adult, "adult")}
    waiting = [Child, Household, Adult, Away]
    while waiting:
        base = waiting.pop(0)
        for model, name in pointing_at(base):
            if model not in found:
                found[model] = (base, name)
                waiting.append(model)
    return found


def shared_models():
    """Every model whose rows serve several children and hang on none."""
    return [m for m in apps.get_models() if getattr(m, "shared_by", None)]


def with_shells(keys):
    """The keys of these files and of those that were merged into them: they are about the same children."""
    files = Child.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys))
    return list(files.order_by("pk").values_list("pk", flat=True))


def rows_of(child, *, shared=True):
    """{model: rows} of everything on file about `child`; without `shared`, only what no brother or sister needs."""
    files = with_shells([child.pk])
    adults = Adult.objects.filter(kinships__child__in=files).distinct()
    households = Household.objects.filter(children__in=files).distinct()
    if not shared:
        others = Child.objects.exclude(pk__in=files).exclude(left_reason=Child.LeftReason.ERASED)
        adults = adults.exclude(pk__in=Adult.objects.filter(kinships__child__in=others).values("pk"))
        households = households.exclude(children__in=others)
    rows = {Child: Child.objects.filter(pk__in=files), Household: households, Adult: adults}
    for model, hangs_on in copied_models().items():
        if hangs_on:
            base, name = hangs_on
            rows[model] = model._base_manager.filter(**{f"{name}__in": rows[base].order_by().values("pk")})
    family = {"household__in": households.order_by().values("pk")}
    of_others = Child.objects.exclude(**family) if shared else Child.objects.exclude(pk__in=files)
    if not shared:
        of_others = of_others.exclude(left_reason=Child.LeftReason.ERASED)
    for model in shared_models():
        rows[model] = _serving(model, files, of_others)
    rows[TrailEntry] = TrailEntry.objects.about(child)
    return rows


def _serving(model, files, of_others):
    """Rows that serve one of these files and none of `of_others`."""
    served = set(model._base_manager.filter(**{f"{model.shared_by}__in": files}).values_list("pk", flat=True))
    with_others = model._base_manager.filter(pk__in=served, **{f"{model.shared_by}__in": of_others.order_by()})
    return model._base_manager.filter(pk__in=served - set(with_others.values_list("pk", flat=True)))


LEFT_OUT = "confidential: in no copy that the community makes"


def is_confidential(model):
    """Whether a model's rows tell what the community's staff may not know, and are in no copy that they make."""
    return getattr(model, "confidential", False)


def copy_of(child, *, confidential=True):
    """{"children.child": [{field: value}], …} with every column of every row, as JSON can hold it.

    Without `confidential`, `LEFT_OUT` stands in place of rows that staff never read, and what staff write among
    themselves is left out.
    """
    return {
        model._meta.label_lower: LEFT_OUT
        if is_confidential(model) and not confidential
        else [_columns(row, leave_out=() if confidential else of_the_office(model)) for row in rows.order_by("pk")]
        for model, rows in rows_of(child).items()
    }


def pictures_of(child):
    """(name, attachment) of every picture and PDF on file about the child, but for what staff never read."""
    for model, rows in rows_of(child).items():
        fields = [f.name for f in model._meta.concrete_fields if f.related_model is Attachment]
        for field in fields if not is_confidential(model) else ():
            for row in rows.exclude(**{field: None}).select_related(field).order_by("pk"):
                kept = getattr(row, field)
                yield f"{model._meta.label_lower}-{row.pk}-{field}{kept.suffix}", kept


def of_the_office(model):
    """Columns that staff write among themselves, or about a helper: on no sheet and in no copy for the family."""
    return getattr(model, "of_the_office", ())


def _columns(row, leave_out=()):
    fields = [field for field in row._meta.concrete_fields if field.name not in leave_out]
    return {field.name: _plain(field.value_from_object(row)) for field in fields}


def _plain(value):
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    if isinstance(value, (str, int, float, bool, type(None), list, dict)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def readable(child, user):
    """[(title, [[(label, value)]])] for paper: what the person who prints may see of this child, in words."""
    parts, user = [], user.at(child.community_id)
    for model, rows in rows_of(child).items():
        if model is TrailEntry or not user.has_perm(_view(model)) or is_confidential(model):
            continue
        if issubclass(model, CommunityRecord):
            rows = rows.filter(pk__in=_visible(model, user).values("pk"))
        fields = [field for field in fields_to_read(model) if _may_read(field, user)]
        named = [field.name for field in fields if field.is_relation]
        lines = [_labelled(row, fields) for row in rows.select_related(*(named or [None])).order_by("pk")]
        if any(lines):
            parts.append((model._meta.verbose_name_plural, [line for line in lines if line]))
    return parts


def fields_to_read(model):
    """Every column that tells a guardian something: all but the bookkeeping and what is the office's own."""
    own = of_the_office(model)
    return [field for field in model._meta.concrete_fields if not _is_bookkeeping(field) and field.name not in own]


NAMES = ("name", "title")
TOLD = {"session", "meeting", "term", "stay"}  # rows that their own words name
ORDER = {"district", "version", "created_at"}


def _is_bookkeeping(field):
    """Whether a column only keeps the records in order: nobody named it, its model says so, or it leads nowhere."""
    if field.primary_key or field.name in ORDER or field.name in getattr(field.model, "bookkeeping", ()):
        return True
    if isinstance(field.verbose_name, str) or isinstance(field, (Companion, models.JSONField, SecretJSONField)):
        return True
    if not field.is_relation or field.name in TOLD:
        return False
    # Who of the staff wrote a row is on the trail; pictures are handed out as files.
    if field.related_model._meta.label in ("communities.User", "communities.Division", "records.Attachment"):
        return field.name != "counsellor"
    return not any(hasattr(field.related_model, name) for name in NAMES)


def _may_read(field, user):
    if facts := field.model.personal.get(field.name):
        return user.sees(facts)
    family = not field.is_relation or field.related_model in (Child, Adult)
    return family or field.name in {*TOLD, "counsellor"} or user.has_perm(_view(field.related_model))


def _visible(model, user):
    """With what was struck out: it is on file too."""
    return getattr(model, "with_struck", model._default_manager).visible_to(user)


def _view(model):
    return f"{model._meta.app_label}.view_{model._meta.model_name}"


def _labelled(row, fields):
    shown = []
    for field in fields:
        value = getattr(row, f"get_{field.name}_display", lambda row=row, field=field: getattr(row, field.name))()
        if value not in ("", None, []):
            shown.append((field.verbose_name, _words(field, value)))
    return shown


CODES = {"grade": grade_word, "ethnicity": ethnic_word}


def _words(field, value):
    if field.name in CODES:
        return CODES[field.name](value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        words = dict(getattr(field, "base_field", field).choices or ())
        return listed(words.get(one, one) for one in value)
    if isinstance(value, Away):
        return in_words(value)
    if isinstance(value, models.Model):
        return next((getattr(value, name) for name in NAMES if hasattr(value, name)), value)
    return value
