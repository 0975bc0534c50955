import re

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Length, Lower, Replace, StrIndex
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from appraisal.counting import tally
from appraisal.kinds import Conflict, Kind
from appraisal.models.ballot import Ballot
from appraisal.models.call import Call, Seat, seated
from appraisal.models.publishing import PublishedQuerySet, Publishing
from children.masking import names_told_in
from children.models import Child, Consent
from communities.owned import STAYS, CommunityRecord
from records.codes import LENGTH, new_number
from records.lifecycle import Lifecycle, Refused
from records.privacy import BASIC
from records.trail import log_act
from records.versions import Versioned, stored_for_update

PHONE = re.compile(r"\d{11}|(?<!\d)1\d{2}[\s-]?\d{4}[\s-]?\d{4}")


class NominationQuerySet(PublishedQuerySet):
    def visible_to(self, user, action="view"):
        """Those of one's divisions; to a committee also what it votes on."""
        rows = super().visible_to(user, action)
        known = user is not None and user.is_authenticated and user.is_active
        if action != "view" or not known or not (codes := user.codes_for(self.model, "view")):
            return rows
        return rows | self.filter(seated(user, codes)).exclude(status=Nomination.Status.WITHDRAWN)

    def waiting(self):
        return self.filter(status=Nomination.Status.PROPOSED)

    def to_decide_on(self, day):
        return self.waiting().filter(call__status=Call.Status.OPEN, call__nominate_until__lt=day)

    def awarded(self):
        return self.filter(status=Nomination.Status.AWARDED)


class Nomination(Publishing, Versioned, Lifecycle, CommunityRecord):
    """A community nominates a helper, a Home, a piece of work, or a child or parent, in its own words.

    The committee and the public read the words, never the file of a child.
    """

    on_transfer = STAYS  # it was nominated here

    class Status(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("nomination", "nominated")
        WITHDRAWN = "withdrawn", pgettext_lazy("nomination", "withdrawn")
        AWARDED = "awarded", pgettext_lazy("nomination", "awarded")
        DECLINED = "declined", pgettext_lazy("nomination", "not awarded")
        REVOKED = "revoked", pgettext_lazy("nomination", "award revoked")

    TRANSITIONS = {
        Status.PROPOSED: {Status.WITHDRAWN, Status.AWARDED, Status.DECLINED},
        Status.WITHDRAWN: set(),
        Status.AWARDED: {Status.REVOKED},
        Status.DECLINED: set(),
        Status.REVOKED: set(),
    }

    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, related_name="nominations", editable=False, verbose_name=_("call")
    )
    helper = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="nominations", verbose_name=_("helper")
    )
    home = models.ForeignKey("homes.Home", models.PROTECT, null=True, related_name="+", verbose_name=_("Home"))
    child = models.ForeignKey(
        "children.Child", models.PROTECT, null=True, related_name="nominations", verbose_name=_("child")
    )
    is_parent = models.BooleanField(_("about a parent of the child"), default=False)
    title = models.CharField(_("in one line"), max_length=100)
    words = models.TextField(_("reasons, as committee and public read them"), max_length=1500)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED, editable=False)
    nominated_on = models.DateField(_("nominated on"), default=timezone.localdate, editable=False)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("nominated by")
    )
    helper_agreed_on = models.DateField(_("helper agreed to be named"), null=True, editable=False)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = models.TextField(_("reason of the decision"), blank=True, max_length=1000, editable=False)
    votes = models.JSONField(_("votes"), default=dict, editable=False)
    explanation = models.JSONField(_("score at the decision"), default=list, editable=False)
    number = models.CharField(_("number of the certificate"), max_length=LENGTH, blank=True, editable=False)
    why_ended = models.CharField(_("why withdrawn or revoked"), max_length=200, blank=True, editable=False)
    published_on = models.DateField(_("published on"), null=True, editable=False)
    taken_down_on = models.DateField(_("taken down on"), null=True, editable=False)

    personal = dict.fromkeys(["title", "words", "reason", "explanation", "why_ended"], BASIC)
    not_personal = [
        *["id", "community", "district", "version", "call", "helper", "home", "child", "is_parent", "status"],
        *["nominated_on", "nominated_by", "helper_agreed_on", "agreed_by", "decided_on", "decided_by", "votes"],
        *["number", "published_on", "taken_down_on"],
    ]

    objects = NominationQuerySet.as_manager()

    class Meta(CommunityRecord.Meta):
        ordering = ["pk"]
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        indexes = [
            models.Index(fields=["district", "status", "id"], name="nominations_of_a_district"),
            models.Index(fields=["community", "status", "id"], name="nominations_of_a_community"),
        ]
        constraints = [
            *CommunityRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(home=None, child=None) | Q(helper=None, child=None) | Q(helper=None, home=None),
                name="nomination_names_one_nominee",
                violation_error_message=_("A nomination is for one helper, one Home or one child."),
            ),
            *[
                models.UniqueConstraint(
                    fields=["call", name],
                    condition=~Q(status="withdrawn"),
                    name=f"one_nomination_of_a_{name}_per_call",
                    violation_error_message=_("This is nominated already."),
                )
                for name in ("helper", "home", "child")
            ],
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "withdrawn"], decided_on=None, decided_by=None)
                | Q(status__in=["awarded", "declined", "revoked"], decided_on__isnull=False, decided_by__isnull=False),
                name="decision_says_who_and_when",
                violation_error_message=_("Say who decided, when and why."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["awarded", "revoked"], number__gt="")
                | Q(status__in=["proposed", "withdrawn", "declined"], number=""),
                name="an_award_alone_has_a_number",
                violation_error_message=_("An award has a certificate with a number."),
            ),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(number__gt=""),
                name="number_of_an_award_is_given_once",
                violation_error_message=_("This number is taken."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("nominated_by")),
                name="who_nominates_does_not_decide",
                violation_error_message=_("Who nominated does not decide."),
            ),
            models.CheckConstraint(
                condition=Q(published_on=None) | Q(status__in=["awarded", "revoked"]),
                name="only_awards_are_published",
                violation_error_message=_("Only what was awarded is published."),
            ),
        ]

    def __str__(self):
        return f"{self.call_id}/{self.pk}"

    def get_absolute_url(self):
        return reverse("appraisal:nomination", args=[self.pk])

    @property
    def is_waiting(self):
        return self.status == self.Status.PROPOSED

    @property
    def is_awarded(self):
        return self.status == self.Status.AWARDED

    @property
    def is_voted_on(self):
        return self.is_waiting and self.call.is_voting

    # Verbs ------------------------------------------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def propose(cls, call, community, *, title, words, helper=None, home=None, child=None, is_parent=False, by):
        """Nominate; the time for it is looked at under the call's lock."""
        if child:
            child = stored_for_update(child)
        call = stored_for_update(call)
        if not call.takes_nominations:
            raise Refused(gettext("Nominations are not taken any more, or not yet."))
        if not call.asks(community.pk):
            raise Refused(gettext("This call does not ask your community."))
        wanted = {Kind.INDIVIDUAL: helper, Kind.HOME: home, Kind.EXAMPLE: child}
        nominee = wanted.get(call.kind)
        if call.kind in wanted and (nominee is None or nominee.community_id != community.pk):
            raise Refused(gettext("Choose whom or what you nominate, from your own community."))
        if child and not child.consents.in_force().filter(purpose=Consent.Purpose.PUBLICITY).exists():
            raise Refused(gettext("There is no consent to publicity for this child."))
        if helper and helper.user_id == by.pk:
            raise Refused(gettext("Nobody nominates themselves."))
        _refuse_uncleared(helper)
        made = cls(call=call, community=community, title=title, words=words, is_parent=is_parent, nominated_by=by)
        made.helper, made.home, made.child = helper, home, child
        made.refuse_telling_words()
        if nominee and call.nominations.exclude(status=cls.Status.WITHDRAWN).filter(**made._nominee()).exists():
            raise Refused(gettext("This is nominated already."))
        made.save()
        Ballot.hand_out([made], Seat.objects.filter(call=call))
        log_act(by, "nominated", made, call=call)
        return made

    def _nominee(self):
        return {name: value for name in ("helper", "home", "child") if (value := getattr(self, name))}

    def refuse_telling_words(self):
        """Words that tell who a child is leave the community in no way."""
        self.refuse_telling(f"{self.title}\n{self.words}")

    def refuse_telling(self, text):
        """Refuse a text about this nomination that tells who somebody is.

        That is the child nominated or one whom the helper accompanies or accompanied, by anything that points at them;
        any child of the community by full name or file number; the helper by name; anybody by a phone number.
        """
        children = [self.child] if self.child else []
        if self.helper_id:
            children += Child.objects.filter(pairings__volunteer=self.helper_id).distinct().select_related("household")
        packed = "".join(text.split())
        helper_name = "".join(self.helper.name.split()) if self.helper_id else ""
        if any(names_told_in(text, child) for child in children) or self._tells_a_child(packed, helper_name):
            raise Refused(
                gettext(
                    "The words tell who a child is: a name, the school, the address or the family. "
                    "Committee and public read them, so please write them without."
                )
            )

        if helper_name and helper_name in packed:
            raise Refused(gettext("Do not name the helper in the words: the name is told once the helper agrees."))
        if PHONE.search(text):
            raise Refused(gettext("Write no phone number: committee and public read these words."))

    def _tells_a_child(self, packed, but):
        """Whether a child of the community, not called `but`, stands in `packed` by full name or file number."""
        space, nothing, words = Value(" "), Value(""), Value(packed.lower(), output_field=models.TextField())
        rows = Child.objects.filter(community=self.community_id).annotate(
            called=Lower(Replace("name", space, nothing)),
            named_at=StrIndex(words, F("called")),
            numbered_at=StrIndex(words, Lower("number")),
        )
        named = Q(named_at__gt=0) & ~Q(called__in=["", but.lower()])
        return (
            rows.annotate(long=Length("called"))
            .filter((named & Q(long__gt=1)) | (Q(numbered_at__gt=0) & ~Q(number="")))
            .exists()
        )

    def withdraw(self, *, reason, by):
        self.refuse_telling(reason)
        self.lapse(reason=reason, by=by)

    def lapse(self, *, reason, by):
        """Withdrawn with something else, whatever the words: an act that takes a consent back is never refused."""
        self._become(self.Status.WITHDRAWN, by=by, verb="withdrew a nomination", why_ended=reason)

    def bars(self, user):
        """Which conflict of interest `user` has beyond what is declared; "" for none known."""
        if self.helper_id and self.helper.user_id == user.pk:
            return Conflict.OWN_HELPER
        works_here = any(post.division_id == self.community_id for post in user.current_postings)
        return Conflict.OWN_NOMINATION if self.nominated_by_id == user.pk or works_here else ""

    @transaction.atomic
    def decide(self, *, is_awarded, reason, seen, by):
        """Decide on what the committee's votes carry. `seen` is the version that was read; reasons are always given."""
        call = stored_for_update(self.call)
        stored = type(self).objects.select_for_update(of=("self",)).select_related("call", "helper").get(pk=self.pk)
        if stored.version != seen:
            raise Refused(gettext("Something changed meanwhile: look at it again."))
        stored.refuse_telling(reason)
        if not stored.is_voted_on:
            raise Refused(gettext("This is not voted on: nominations may still come in, or it is settled."))
        own = stored.ballots.filter(member=by).exclude(conflict__in=["", Conflict.NONE])
        if stored.bars(by) or own.exists():
            raise Refused(gettext("Who has a conflict of interest does not decide."))
        counted = tally(list(stored.ballots.values_list("conflict", "choice")))
        if not counted.is_quorate:
            raise Refused(gettext("More than half of the committee votes before it is decided."))
        if is_awarded and not counted.is_carried:
            raise Refused(gettext("The committee did not vote for it: it cannot be awarded."))
        if is_awarded and call.nominations.awarded().count() >= call.places:
            raise Refused(gettext("All awards of this call are given."))
        if is_awarded:
            _refuse_uncleared(stored.helper)
        from appraisal.measuring import lines_of

        votes = {"for": counted.votes_for, "against": counted.votes_against, "abstained": counted.abstained}
        stored._become(
            self.Status.AWARDED if is_awarded else self.Status.DECLINED,
            by=by,
            verb="awarded" if is_awarded else "declined a nomination",
            decided_on=timezone.localdate(),
            decided_by=by,
            number=new_number() if is_awarded else "",
            reason=reason,
            votes={**votes, "entitled": counted.entitled},
            explanation=[line.as_data() for line in lines_of([stored])[stored.pk]],
        )

    @transaction.atomic
    def revoke(self, *, reason, by):
        """The award is taken back; a public notice is gone at once."""
        stored = stored_for_update(self)
        stored.refuse_telling(reason)
        if stored.is_public:
            stored.take_down(by=by)
        stored._become(self.Status.REVOKED, by=by, verb="revoked an award", why_ended=reason)


def _refuse_uncleared(helper):
    if helper and not helper.is_cleared_on(timezone.localdate()):
        raise Refused(gettext("Something asked of this helper is missing or has ended: see the helper's file."))
