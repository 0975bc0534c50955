"""What we know of a person who helps or offers to: the same facts from the application to the helper's own page."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from children.models import Child
from communities.identity_fields import PhoneField, ResidentIdField
from records.privacy import BASIC, CONTACT, SECRET
from records.secrets import BlindIndexField, LastFourField, SecretField
from volunteers.kinds import FREE_AT, HelperKind, Language, Subject


def several(words, choices, *, blank=True, **details):
    """A field for some of `choices`."""
    base = models.CharField(max_length=20, choices=choices)
    return ArrayField(base, verbose_name=words, default=list, blank=blank, **details)


class HelperFacts(models.Model):
    class Sex(models.TextChoices):
        MALE = "M", _("man")
        FEMALE = "F", _("woman")

    name = models.CharField(_("name"), max_length=60)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    phone = PhoneField(_("phone"), blank=True)
    phone_hash = BlindIndexField(of="phone", purpose="phone")
    phone_last4 = LastFourField(of="phone")
    id_number = ResidentIdField(_("ID number"), blank=True)
    id_number_hash = BlindIndexField(of="id_number", purpose="id_number")
    id_number_last4 = LastFourField(of="id_number")
    address = SecretField(_("address"), blank=True)
    kinds = several(_("can help as"), HelperKind, blank=False)
    topics = several(_("can help with"), Child.Topic)
    subjects = several(_("school subjects"), Subject)
    languages = several(_("languages and dialects"), Language)
    hobbies = several(_("hobbies"), Child.Hobby)
    free_at = several(_("free on"), FREE_AT)
    reach_km = models.PositiveSmallIntegerField(
        _("comes as far as (km)"),
        null=True,
        blank=True,
        help_text=_("Empty: anywhere in the district. 3 km or more: children of neighbouring communities too."),
    )
    capacity = models.PositiveSmallIntegerField(_("children at most"), default=1)
    school_class = models.CharField(
        _("school and class"), max_length=60, blank=True, help_text=_("For students who help as a class.")
    )
    motivation = models.CharField(_("why they wish to help"), max_length=500, blank=True)

    facts_personal = {
        **dict.fromkeys(["name", "sex", "birth_date", "school_class", "motivation"], BASIC),
        **dict.fromkeys(["phone", "phone_hash", "phone_last4", "address"], CONTACT),
        **dict.fromkeys(["id_number", "id_number_hash", "id_number_last4"], SECRET),
    }
    facts_not_personal = ["kinds", "topics", "subjects", "languages", "hobbies", "free_at", "reach_km", "capacity"]

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(sex__in=["M", "F"]),
                name="%(class)s_is_a_man_or_a_woman",
                violation_error_message=_("Choose man or woman."),
            ),
            models.CheckConstraint(
                condition=Q(kinds__len__gt=0, kinds__contained_by=HelperKind.values),
                name="%(class)s_can_be_something_we_know",
                violation_error_message=_("Choose at least one way of helping."),
            ),
            models.CheckConstraint(
                condition=Q(topics__contained_by=Child.Topic.values, subjects__contained_by=Subject.values),
                name="%(class)s_knows_topics_we_know",
                violation_error_message=_("Choose topics from the list."),
            ),
            models.CheckConstraint(
                condition=Q(languages__contained_by=Language.values, hobbies__contained_by=Child.Hobby.values),
                name="%(class)s_speaks_and_plays_what_we_know",
                violation_error_message=_("Choose from the list."),
            ),
            models.CheckConstraint(
                condition=Q(free_at__contained_by=[code for code, _words in FREE_AT]),
                name="%(class)s_is_free_in_parts_of_the_week",
                violation_error_message=_("Choose from the list."),
            ),
            models.CheckConstraint(
                condition=Q(reach_km=None) | Q(reach_km__gte=1, reach_km__lte=200),
                name="%(class)s_comes_as_far_as_one_to_200_km",
                violation_error_message=_("Give a distance between 1 and 200 km."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=20),
                name="%(class)s_accompanies_one_to_twenty_children",
                violation_error_message=_("A helper accompanies between 1 and 20 children."),
            ),
            models.CheckConstraint(
                condition=Q(birth_date=None) | Q(birth_date__gte=dt.date(1900, 1, 1)),
                name="%(class)s_is_born_on_a_possible_day",
                violation_error_message=_("This date of birth lies too far back."),
            ),
        ]
