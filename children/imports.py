"""A roster on its way onto the register: read and previewed, then taken in as a whole, or discarded."""

import datetime
import hashlib
import re
from collections import Counter
from itertools import islice

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from children.duplicates import ask_about, ask_about_changed
from children.importing import stored
from children.importing.aside import ChildrenAside
from children.importing.completing import Completer
from children.importing.registered import RegisteredChildren
from children.importing.writing import Writer
from children.models import Child, ColumnMeaning, FileNumber, ImportBatch, ImportRow, Likeness
from children.roster.community import Communities, Community
from children.roster.parse import Roster
from children.roster.refusal import RosterRefused
from children.roster.sheets import open_sheets, rows_at_most
from children.roster.verdict import ACCEPTED, DUPLICATE, REJECTED
from communities.models import Division
from records import file_parts
from records.copying import Keys, copy_in
from records.lifecycle import Refused
from records.secrets import SecretUnreadable
from records.text import clean_text
from records.trail import TrailEntry

RETURNED = re.compile(r"R(\d{1,9})/(\d{1,6})\Z")  # as `returned_rows` writes it
AT_A_TIME = 1000
KEPT_DAYS = 30  # how long a roster that nobody confirms keeps what it says of people


def communities_of(division):
    """Where the rows of a roster for this division can belong."""
    parts = Division.objects.filter(level=Division.Level.COMMUNITY, code__startswith=division.code)
    district = Division.objects.filter(code=division.district_code).values_list("name", flat=True).first()
    found = [Community(d.code, d.name, d.parent.name) for d in parts.select_related("parent")]
    return Communities(division.code, found, district=district or "")


def receive(file, *, division, as_of, name, by):
    """Keep an uploaded file, encrypted, until its roster is decided. Raises `RosterRefused` in words."""
    most_rows = rows_at_most(open_sheets(file))  # refused now, while the person is there
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction.atomic():
        batch = ImportBatch(division=division, as_of=as_of, uploaded_by=by, sha256=digest, most_rows=most_rows)
        batch.file_name = clean_text(name.replace("\\", "/").rpartition("/")[2])[-150:] or "-"
        batch.save()
        file_parts.keep(file, batch.parts)
    return batch


def read(batch, *, by, most=None, progress=None):
    """Read a kept file and show it for preview, every row with its verdict. Raises `RosterRefused` in words.

    A person waits for it, so a page gives the `most` rows that it takes; the command takes any number.
    """
    with transaction.atomic():
        lock(batch)
        roster = Roster(
            _kept_file(batch),
            as_of=batch.as_of,
            name=batch.file_name,
            communities=communities_of(batch.division),
            known=RegisteredChildren(),
            own=ChildrenAside(),
            meanings={words: one.field for words, one in ColumnMeaning.of(batch.division_id).items()},
        )
        again = batch.is_open
        batch.rows.all().delete()  # what an earlier reading said
        batch.counts, layouts = _keep_rows(batch, roster, most, progress)
        batch.layouts = stored.layouts_as_text(roster.sheets, layouts)
        batch.note_read(by=by, again=again)
    return batch


def _kept_file(batch):
    if not batch.parts.exists():
        raise Refused(_("The file is no longer here. Please upload it again."))
    try:
        return file_parts.opened(batch.parts)
    except SecretUnreadable as error:
        raise Refused(_("The file was altered or is no longer complete. Please upload it again.")) from error


def read_roster(file, *, division, as_of, name, by, most=None):
    """Receive and read at once."""
    with transaction.atomic():
        return read(receive(file, division=division, as_of=as_of, name=name, by=by), by=by, most=most)


def _keep_rows(batch, roster, most, progress):
    keys, layouts, counts = Keys(ImportRow), stored.Layouts(), Counter()
    rows, size = enumerate(roster, 1), roster.size
    while some := list(islice(rows, AT_A_TIME)):
        if most and some[-1][0] > most:
            raise RosterRefused("TOO_MANY_ROWS")
        corrected = _corrected(batch, [row for _place, row in some])
        copy_in(
            ImportRow,
            [stored.as_import_row(batch, keys.take(), place, row, layouts, corrected) for place, row in some],
        )
        for _place, row in some:
            counts.update(stored.tally(row))
            row.values, row.cells, row.layout = {}, None, None  # the parser holds on to rows, not to what they say
        if progress:
            progress(some[-1][0], max(size, some[-1][0]))
    for row in {row.place: row for row in roster.warned_later}.values():
        ImportRow.objects.filter(batch=batch, sheet=row.sheet, row=row.row).update(warnings=row.warnings)
        counts["noted"] += len(row.warnings) == 1
    return dict(counts) | {"rows": sum(counts[d] for d in stored.DISPOSITIONS)}, layouts


def _corrected(batch, rows):
    """{what a row says it corrects: key of that row}, of this division's own returned rows."""
    said = {row.returned_from: found for row in rows if (found := RETURNED.match(row.returned_from))}
    wanted = Q(pk__in=())
    for found in said.values():
        wanted |= Q(batch=int(found[1]), position=int(found[2]))
    mine = ImportRow.objects.filter(wanted, batch__division=batch.division_id, disposition=REJECTED) if said else ()
    keys = {(row.batch_id, row.position): row.pk for row in mine}
    return {words: keys.get((int(found[1]), int(found[2]))) for words, found in said.items()}


def confirm(batch, *, by, progress=None):
    """Take the accepted rows in, all of them or none. A roster is taken in once, however often it is asked."""
    try:
        with transaction.atomic():
            lock(batch)
            return _take_in(batch, by, progress)
    except IntegrityError as error:
        raise Refused(
            _("Somebody changed the register at the same moment. Nothing was taken in. Please confirm again.")
        ) from error


def lock(batch):
    """Refuse at once where somebody else is at it; a wait could outlast the page."""
    try:
        with transaction.atomic():
            ImportBatch.objects.select_for_update(nowait=True, of=("self",)).get(pk=batch.pk)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "55P03":
            raise Refused(_("This roster is being taken in at this moment.")) from error
        raise
    batch.refresh_from_db()


def _take_in(batch, by, progress):
    batch.note_confirmed(by=by)
    _lock_communities(batch)
    writer = Writer(as_of=batch.as_of, by=by, batch=batch)
    register = RegisteredChildren(before=writer.first[Child])
    counts = Counter(added=0)
    for some in _chunks(batch, ACCEPTED):
        rows = [stored.as_roster_row(row) for row in some]
        register.look_up(rows)
        for row in rows:
            register.settle(row)
        taken = [(kept, row) for kept, row in zip(some, rows, strict=True) if row.disposition == ACCEPTED]
        keys = writer.write([row for _kept, row in taken])
        for likeness in ask_about(keys, by=by):
            writer.note(Likeness, likeness.pk)
        _point_to_children([kept.pk for kept, _row in taken], keys)
        counts["added"] += len(keys)
        counts.update(_settle_late(some, rows))
        if progress:
            progress(sum(counts.values()), batch.counts.get(ACCEPTED, 0))
    completer = _complete(batch, by, writer)
    counts["completed"] = completer.completed
    batch.counts = batch.counts | dict(counts) | {"households": writer.households}
    batch.written = {model._meta.label_lower: keys for model, keys in writer.written.items()}
    filled = {model._meta.label_lower: rows for model, rows in completer.relatives.filled.items()}
    batch.written |= {
        "completed": completer.written,
        "filled": filled,
        "trail": TrailEntry.objects.aggregate(last=Max("pk"))["last"],
    }
    batch.save(update_fields=["counts", "written"])
    batch.parts.all().delete()
    return batch


def _lock_communities(batch):
    """Nobody else opens files in these communities meanwhile, so that what is looked up stays true."""
    codes = sorted(batch.rows.filter(disposition=ACCEPTED).order_by().values_list("community", flat=True).distinct())
    FileNumber.objects.bulk_create([FileNumber(community_id=code) for code in codes], ignore_conflicts=True)
    list(FileNumber.objects.select_for_update().filter(pk__in=codes).order_by("pk").values_list("pk"))


def _chunks(batch, disposition):
    """The rows of one verdict in their order, some at a time."""
    rows, last = batch.rows.of_children_here().filter(disposition=disposition).order_by("position"), 0
    while some := list(rows.filter(position__gt=last)[:AT_A_TIME]):
        yield some
        last = some[-1].position


def _settle_late(kept, rows):
    """Rows that the register knows by now, though it did not when they were previewed."""
    changed = Counter()
    for mine, row in zip(kept, rows, strict=True):
        if row.disposition == ACCEPTED:
            continue
        for name in ("disposition", "reasons", "warnings", "duplicate_of", "match_type", "action"):
            setattr(mine, name, getattr(row, name))
        mine.save(update_fields=["disposition", "reasons", "warnings", "duplicate_of", "match_type", "action"])
        changed[f"late_{row.disposition}"] += 1
    return changed


def _point_to_children(rows, children):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE children_importrow SET child_id = went.child"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS went(row, child) WHERE id = went.row",
            [rows, children],
        )


def _complete(batch, by, writer):
    """Let rows about children already named fill what is blank in their files."""
    completer = Completer(batch, by, writer.note)
    for some in _chunks(batch, DUPLICATE):
        earlier = batch.rows.at({row.duplicate_of for row in some}).filter(child__isnull=False)
        found = completer.complete(some, dict(earlier.values_list("named_as", "child")))
        _point_to_children([row.pk for row, _child in found], [child for _row, child in found])
        filled = {key: completer.written[key]["fields"] for _row, key in found if key in completer.written}
        for likeness in ask_about_changed(filled, by=by):
            writer.note(Likeness, likeness.pk)
    return completer


def discard(batch, *, by):
    """Put a roster aside; what it says of people is wiped at once."""
    with transaction.atomic():
        lock(batch)
        batch.note_discarded(by=by)
        batch.rows.update(values="", cells="", duplicate_of="")
        batch.parts.all().delete()
    return batch


def discard_forgotten(*, by=None):
    """Discard what nobody confirmed in time; how many rosters."""
    before = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    undecided = [ImportBatch.Status.WAITING, ImportBatch.Status.PREVIEWED]
    forgotten = list(ImportBatch.objects.filter(status__in=undecided, uploaded_at__lt=before))
    for batch in forgotten:
        discard(batch, by=by)
    return len(forgotten)


def returned_rows(batch):
    """The rejected rows with their cells, one after another, for the workbook to be corrected."""
    layouts = stored.layouts_of(batch)
    for some in _chunks(batch, REJECTED):
        for kept in some:
            row = stored.as_roster_row(kept, layouts)
            row.returned_from = f"R{batch.pk}/{kept.position}"
            yield row


def report_rows(batch):
    """Every row with its verdict, in the order of the file."""
    last = 0
    while some := list(batch.rows.of_children_here().filter(position__gt=last).order_by("position")[:AT_A_TIME]):
        for row in some:
            yield stored.as_roster_row(row)
        last = some[-1].position
