"""Work that takes longer than a person waits for a page: done by a process of its own, all of it or nothing.

    @job("children.take_in_roster")
    def take_in(key, *, by, progress): …            # in an app's `jobs.py`; raises `Refused` in words

    work = jobs.ask("children.take_in_roster", batch.pk, by=user, leads_to=batch.get_absolute_url())
    return redirect(work)

`manage.py run_jobs` takes a job by locking its row and works in the same transaction. A worker that dies takes its
lock and what it had begun with it, so another begins the job anew. Progress is written on a connection of its own,
into a row of its own: it shows while the work is not yet visible.
"""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError, connections, models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.discovery import import_from_apps
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC

logger = logging.getLogger(__name__)
MOST_TRIES = 3  # a job that kills every worker is given up
SHOWN_EVERY = 0.5  # seconds between two writings of progress

_kinds: dict[str, Callable] = {}


def job(kind):
    """Register the decorated function `(key, *, by, progress)` as what a job of this kind does."""

    def register(function):
        _kinds[kind] = function
        return function

    return register


def _work_of(kind):
    import_from_apps("jobs", beside=["records"])
    return _kinds[kind]


class JobQuerySet(models.QuerySet):
    def visible_to(self, user, action="view"):
        """A job is seen by who asked for it."""
        known = user is not None and user.is_authenticated and user.is_active
        return self.filter(asked_by=user) if known else self.none()

    def waiting(self):
        return self.filter(status=Job.Status.WAITING)


class Job(Lifecycle):
    class Status(models.TextChoices):
        WAITING = "waiting", gettext_lazy("not finished")
        DONE = "done", gettext_lazy("done")
        FAILED = "failed", gettext_lazy("not done")

    TRANSITIONS = {Status.WAITING: {Status.DONE, Status.FAILED}, Status.DONE: set(), Status.FAILED: set()}

    status = models.CharField(
        gettext_lazy("status"), max_length=10, choices=Status, default=Status.WAITING, editable=False
    )
    kind = models.CharField(gettext_lazy("kind of work"), max_length=60)
    key = models.CharField(gettext_lazy("record"), max_length=40)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=gettext_lazy("person")
    )
    asked_at = models.DateTimeField(gettext_lazy("asked for"), default=timezone.now)
    language = models.CharField(max_length=10)
    leads_to = models.CharField(max_length=200)
    back_to = models.CharField(max_length=200)
    ended_at = models.DateTimeField(gettext_lazy("ended"), null=True)
    message = models.TextField(gettext_lazy("what was said"), blank=True)

    personal = {"asked_by": BASIC}
    not_personal = [
        *["id", "status", "kind", "key", "asked_at", "language", "leads_to", "back_to", "ended_at", "message"],
    ]

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = gettext_lazy("job")
        verbose_name_plural = gettext_lazy("jobs")
        indexes = [models.Index(fields=["id"], condition=models.Q(status="waiting"), name="jobs_that_wait")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(status="waiting"),
                name="one_unfinished_job_of_a_kind_per_record",
                violation_error_message=gettext_lazy("This is being done already."),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def get_absolute_url(self):
        return reverse("records:job", args=[self.pk])

    def note_done(self):
        self._become(self.Status.DONE, by=self.asked_by, verb="finished the work", ended_at=timezone.now())

    def note_failed(self, words):
        """`words` are for the person who asked."""
        self._become(
            self.Status.FAILED, by=self.asked_by, verb="gave up the work", ended_at=timezone.now(), message=words
        )


class JobProgress(models.Model):
    """How far a job is. Apart from the job, whose row is locked while it is worked on."""

    job = models.OneToOneField(Job, models.PROTECT, primary_key=True, related_name="progress")
    tries = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)

    personal: dict[str, str] = {}
    not_personal = ["job", "tries", "began_at", "done", "of"]

    def __str__(self):
        return f"{self.done}/{self.of}"

    @property
    def percent(self):
        return min(100, self.done * 100 // self.of) if self.of else 0


def ask(kind, key, *, by, leads_to, back_to=""):
    """Have this done. Asked for twice by one person it is one job; while another's is unfinished, it is refused."""
    with transaction.atomic():
        Job.objects.bulk_create(
            [Job(kind=kind, key=str(key), asked_by=by, language=translation.get_language() or "en",
                 leads_to=leads_to, back_to=back_to or leads_to)],
            ignore_conflicts=True,
        )  # fmt: skip
        found = Job.objects.waiting().get(kind=kind, key=str(key))
        if found.asked_by_id != by.pk:
            raise Refused(_("Somebody else has just asked for this, and it is being done."))
        JobProgress.objects.bulk_create([JobProgress(job=found)], ignore_conflicts=True)
    return found


def unfinished(kind, key):
    return Job.objects.waiting().filter(kind=kind, key=str(key)).first()


class Progress:
    """Called with how much is done and how much there is; written at most twice a second."""

    def __init__(self, job):
        self.job = job
        self._line = connections.create_connection("default")
        self._written = 0.0

    def begin(self):
        """Note a try, and say which one it is."""
        with self._line.cursor() as cursor:
            cursor.execute(
                "UPDATE records_jobprogress SET tries = tries + 1, began_at = %s, done = 0 WHERE job_id = %s"
                " RETURNING tries",
                [timezone.now(), self.job.pk],
            )
            found = cursor.fetchone()
        return found[0] if found else 1

    def __call__(self, done, of):
        now = time.monotonic()
        if now - self._written < SHOWN_EVERY and done < of:
            return
        self._written = now
        with self._line.cursor() as cursor:
            cursor.execute(
                "UPDATE records_jobprogress SET done = %s, of = %s WHERE job_id = %s", [done, of, self.job.pk]
            )

    def forgive(self):
        """A worker that is asked to stop has not failed."""
        with self._line.cursor() as cursor:
            cursor.execute("UPDATE records_jobprogress SET tries = tries - 1 WHERE job_id = %s", [self.job.pk])

    def close(self):
        self._line.close()


def work_one():
    """Do the oldest job that nobody is at; whether there was one."""
    with transaction.atomic():
        rows = Job.objects.waiting().select_for_update(skip_locked=True, of=("self",), no_key=True)
        found = rows.select_related("asked_by").order_by("pk").first()
        if found is None:
            return False
        progress = Progress(found)
        try:
            _work(found, progress)
        except (KeyboardInterrupt, SystemExit):
            progress.forgive()
            raise
        finally:
            progress.close()
    return True


def _work(found, progress):
    with translation.override(found.language):
        if progress.begin() > MOST_TRIES:
            found.note_failed(
                _("This was begun several times and could not be finished. Please tell your administrator.")
            )
            return
        try:
            with transaction.atomic():
                _work_of(found.kind)(found.key, by=found.asked_by, progress=progress)
        except Refused as refusal:
            found.note_failed(refusal.message)
        except OperationalError:
            raise  # the database went away or is busy: another try
        except Exception:
            logger.exception("Job %s (%s) failed.", found.pk, found.kind)
            found.note_failed(_("Something went wrong, and nothing was changed. Please try again later."))
        else:
            found.note_done()
