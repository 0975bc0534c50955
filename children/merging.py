"""Two files about one child become one: everything that points at the other file points at the one kept.

Where a rule allows only one row of a kind, the app the row belongs to makes room first. In an app's `merging.py`:

    @makes_room
    def end_one_of_two_pairings(kept, gone, *, by):
        ...

It runs inside the transaction of the merge, with both files locked, and may return rows of the closed file that stay
with it: `with_shells` still finds them for copy, transfer and erasure. What still stands against a rule, such as two
offers of a transfer, refuses the merge.
"""

import json
from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from children.differences import FACTS, ROLES, differing_facts, plain, rival_roles
from children.guardian_copy import copied_models
from children.leaving import end_what_is_local
from children.models import (
    Adult,
    Child,
    Hardship,
    Household,
    Kinship,
    Likeness,
    Merge,
    Need,
    SchoolPeriod,
    TransferLine,
)
from children.models.adult import PARENTS
from children.moving import moves
from children.repointing import repoint
from children.transfer import lapse_unanswered
from communities.identity import read_resident_id
from records.discovery import import_from_apps
from records.lifecycle import Refused
from records.scoping import DISTRICT_DIGITS
from records.secrets import with_companions
from records.trail import log_act

_rules: list[Callable] = []


def makes_room(function):
    """Register the decorated function `(kept, gone, *, by)` to run before the rows of `gone` move to `kept`."""
    _rules.append(function)
    return function


def _make_room(kept, gone, by):
    """{model: keys of its rows that stay with the closed file}."""
    import_from_apps("merging", beside=["children"])
    staying: dict[type, set] = {TransferLine: _lines_of_shared_offers(kept, gone)}
    for rule in _rules:
        if (rows := rule(kept, gone, by=by)) is not None:
            staying.setdefault(rows.model, set()).update(rows.values_list("pk", flat=True))
    return staying


def _lines_of_shared_offers(kept, gone):
    """Two files that went in one offer: each line tells the number that its file had before and after."""
    shared = TransferLine.objects.filter(child=kept).values("transfer")
    closed = TransferLine.objects.filter(child=gone, transfer__in=shared, is_open=False)
    return set(closed.values_list("pk", flat=True))


@transaction.atomic
def merge(kept, gone, *, taken=(), seen=None, by):
    """Make `gone` a closed file that leads to `kept`.

    `taken` names the facts (`children.differences`) whose value the other file gives; `seen` holds the versions of both
    files as they were looked at, {key: version}.
    """
    kept, gone = _locked(kept, gone, seen)
    lapse_unanswered(of=[kept, gone])
    _refuse_unless_possible(kept, gone)
    facts = _facts_of_both(kept, gone)
    if kept.community_id != gone.community_id:
        end_what_is_local(gone, by=by, moving_to=kept.community)
    staying = _make_room(kept, gone, by)
    _give_way(kept, gone, taken)
    moved = _move_rows(kept, gone, staying)
    _bring_adults(kept, gone)
    _settle_likeness(kept, gone, by)
    changed = _take_facts(kept, gone, taken)
    if kept.community_id != gone.community_id:
        _place_rows(kept)
    Merge.objects.create(
        kept=kept, gone=gone, community_id=kept.community_id, facts=json.dumps(facts, ensure_ascii=False),
        moved=moved, merged_by=by,
    )  # fmt: skip
    log_act(by, "merged another file into this one", kept, fields=changed, gone=gone)
    log_act(by, "merged into another file", gone, fields=["left_on", "left_reason", "merged_into"], kept=kept)
    return kept


def _locked(kept, gone, seen):
    rows = Child.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[kept.pk, gone.pk])
    found = {child.pk: child for child in rows.order_by("pk").select_related("community", "household")}
    if seen and any(found[key].version != version for key, version in seen.items()):
        raise Refused(_("Somebody changed one of the two files meanwhile. Look at both again."))
    return found[kept.pk], found[gone.pk]


def _refuse_unless_possible(kept, gone):
    if kept.merged_into_id or gone.merged_into_id:
        raise Refused(_("One of the two files is merged already."))
    if Child.LeftReason.ERASED in (kept.left_reason, gone.left_reason):
        raise Refused(_("One of the two files has been erased."))
    if kept.left_on and not gone.left_on:
        raise Refused(_("Keep the file that is open."))
    if kept.community_id != gone.community_id and _household_goes_on(gone):
        raise Refused(
            _(
                "Brothers or sisters of this child are on file in the other community. "
                "Close the newer file as registered by mistake instead, or keep the other file."
            )
        )


def _household_goes_on(gone):
    return Child.objects.filter(household=gone.household_id, merged_into=None).exclude(pk=gone.pk).exists()


def _facts_of_both(kept, gone):
    """What the record of the merge holds: each differing fact as it stood in both files, and rival relations."""
    facts = {name: [plain(kept, name), plain(gone, name)] for name in differing_facts(kept, gone)}
    opened = {"registered_on": [str(kept.registered_on), str(gone.registered_on)]}
    closed = {"left_on": [str(kept.left_on or ""), f"{gone.left_on or ''} {gone.left_reason}".strip()]}
    roles = {role: [one.adult.name, other.adult.name] for role, (one, other) in rival_roles(kept, gone).items()}
    household = {
        f"household_{name}": [str(getattr(kept.household, name)), str(getattr(gone.household, name))]
        for name in Household.personal
        if kept.household_id != gone.household_id and getattr(kept.household, name) != getattr(gone.household, name)
    }
    return facts | opened | (closed if gone.left_on else {}) | roles | household


# Rows -----------------------------------------------------------------------------------------------------------------


def _give_way(kept, gone, taken):
    """Of two fathers, mothers or caregivers one is noted as such, of two consents in force the later one ends."""
    for role, (mine, other) in rival_roles(kept, gone).items():
        weaker = mine if role in taken else other
        Kinship.objects.filter(pk=weaker.pk).update(**ROLES[role].given_up)
    for consent in gone.consents.in_force():
        rival = kept.consents.in_force().filter(purpose=consent.purpose).first()
        if rival:
            later = max(rival, consent, key=lambda one: (one.given_on, one.pk))
            later.withdrawn_on = max(timezone.localdate(), later.given_on)
            later.save(update_fields=["withdrawn_on"])
    _end_twins(kept, gone)


def _end_twins(kept, gone):
    """Of two open needs or hardships of a kind, and of two classes that ended one day, the other file's ends."""
    today = timezone.localdate()
    topics = Need.objects.filter(child=kept, met_on=None).values("topic")
    Need.objects.filter(child=gone, met_on=None, topic__in=topics).update(met_on=Greatest("noted_on", Value(today)))
    kinds = Hardship.objects.filter(child=kept, until=None).values("kind")
    Hardship.objects.filter(child=gone, until=None, kind__in=kinds).update(until=Greatest("since", Value(today)))
    days = SchoolPeriod.objects.filter(child=kept, struck_on=None).values("until")
    SchoolPeriod.objects.filter(child=gone, struck_on=None, until__in=days).update(struck_on=today)


def _pointing_at_child():
    """(model, name of the key) of every row of any app that points at a child, but for comparisons of files."""
    for relation in Child._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if points_here and relation.related_model is not Likeness and relation.field.name != "gone":
            yield relation.related_model, relation.field.name


def _move_rows(kept, gone, staying):
    """{model: how many rows} that point at the kept file from now on."""
    moved: dict[str, int] = {}
    for model, name in _pointing_at_child():
        rows = model._base_manager.filter(**{name: gone}).exclude(pk__in=staying.get(model, ()))
        if model is Kinship:
            rows = _kinships_that_move(rows, kept)
        how_many = repoint(rows, name, kept)
        if how_many:
            moved[model._meta.label_lower] = moved.get(model._meta.label_lower, 0) + how_many
    return moved


def _kinships_that_move(rows, kept):
    """An adult of both files is kin to the kept one once; the row of the other file says the same and stays there."""
    for mine in kept.kinships.all():
        for other in rows.filter(adult=mine.adult_id):
            Kinship.objects.filter(pk=other.pk).update(relation="", is_caregiver=False)
            if (other.relation and not mine.relation) or (other.is_caregiver and not mine.is_caregiver):
                _fill_kinship(mine, other)
            Kinship.objects.filter(pk=other.pk).update(relation=mine.relation)
    return rows.exclude(adult__in=kept.kinships.values("adult"))


def _fill_kinship(mine, other):
    others = mine.child.kinships.exclude(pk=mine.pk)
    if (
        other.relation
        and not mine.relation
        and not (other.relation in PARENTS and others.filter(relation=other.relation).exists())
    ):
        mine.relation = other.relation
    if other.is_caregiver and not others.filter(is_caregiver=True).exists():
        mine.is_caregiver = True
    mine.save(update_fields=["relation", "is_caregiver"])


def _bring_adults(kept, gone):
    """The other household's adults come along, unless brothers or sisters stay there with them."""
    if kept.household_id != gone.household_id and not _household_goes_on(gone):
        Adult.objects.filter(household=gone.household_id).update(household=kept.household_id, version=F("version") + 1)


def _place_rows(kept):
    """What moves with a file stands in the community of the kept one: for files of two communities."""
    place = {"community": kept.community_id, "district": kept.community_id[:DISTRICT_DIGITS]}
    rows = {Child: Child.objects.filter(pk=kept.pk), Adult: Adult.objects.filter(household=kept.household_id)}
    rows[Household] = Household.objects.filter(pk=kept.household_id)
    rows[Adult].update(**place)
    for model, hangs_on in copied_models().items():
        if hangs_on is None:
            continue
        base, name = hangs_on
        rows[model] = model._base_manager.filter(**{f"{name}__in": rows[base].order_by().values("pk")})
        if moves(model):
            rows[model].update(**place)


def _settle_likeness(kept, gone, by):
    likeness = Likeness.of(kept, gone)
    if likeness.status != Likeness.Status.SAME:
        likeness.settle(Likeness.Status.SAME, by=by)
    for side, other in (("first", "second"), ("second", "first")):
        for one in Likeness.objects.filter(**{side: gone}).exclude(pk=likeness.pk):
            third = getattr(one, f"{other}_id")
            first, second = sorted((kept.pk, third))
            if not Likeness.objects.filter(first=first, second=second).exists():
                Likeness.objects.filter(pk=one.pk).update(first=first, second=second)


# Facts ----------------------------------------------------------------------------------------------------------------


def _take_facts(kept, gone, taken):
    """Blanks of the kept file are filled, chosen values taken over; the other file becomes a closed shell."""
    changed: list[str] = []
    earlier_photo = kept.photo
    for name in differing_facts(kept, gone):
        fact = FACTS[name]
        if fact.is_blank(kept) or (name in taken and not fact.is_blank(gone)):
            for column in fact.columns:
                setattr(kept, column, getattr(gone, column))
                changed.append(column)
    kept.registered_on = _earliest(kept, gone)
    gone.id_number = ""
    if "photo" in changed:
        gone.photo = None
    gone.left_on, gone.left_reason, gone.merged_into = _day_of_leaving(gone), Child.LeftReason.MERGED, kept
    columns = with_companions(Child, ["id_number", "photo", "left_on", "left_reason", "merged_into"])
    gone.save(update_fields=columns)
    _check_birth(kept)
    kept.save()
    if "photo" in changed and earlier_photo:
        gone.photo = earlier_photo
        gone.save(update_fields=["photo"])
    return changed


def _check_birth(kept):
    if kept.birth_date > kept.registered_on:
        raise Refused(_("The birth date lies after the registration."))
    read = read_resident_id(kept.id_number) if kept.id_number else None
    if read and not read.problem and (read.birth_date, read.sex) != (kept.birth_date, kept.sex):
        raise Refused(_("Birth date and sex do not fit the ID number. Choose the ones that do."))


def _earliest(kept, gone):
    days = [day for day in (kept.registered_on, gone.registered_on) if day >= kept.birth_date]
    return min(days, default=kept.registered_on)


def _day_of_leaving(gone):
    return gone.left_on or max(timezone.localdate(), gone.registered_on)
