"""Model fields for the two codes every person in the product may have: a phone and a resident ID number."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities import identity
from records.secrets import SecretField

ID_PROBLEMS = {
    identity.ID_PRECISION_LOST: _("Digits were lost, as a spreadsheet does with long numbers. Type all 18 again."),
    identity.ID_FORMAT: _("An ID number has 17 digits and a digit or X at the end."),
    identity.ID_LENGTH: _("An ID number has 18 characters."),
    identity.ID_REGION_INVALID: _("The first digits of this ID number are no province."),
    identity.ID_BIRTH_INVALID: _("The birth date in this ID number does not exist."),
    identity.ID_CHECKSUM: _("The last character of this ID number does not fit the others. Compare with the card."),
}


def check_phone(value):
    if not identity.normalise_phone(value):
        raise ValidationError(
            _("This is not a phone number: a mobile has 11 digits, a landline 0, area and 7–8 digits."),
            code="phone",
        )


def check_resident_id(value):
    if problem := identity.read_resident_id(value).problem:
        raise ValidationError(ID_PROBLEMS[problem], code=problem)


class PhoneField(SecretField):
    default_validators = [check_phone]

    @staticmethod
    def cleaner(value):
        return identity.normalise_phone(value) or value


class ResidentIdField(SecretField):
    default_validators = [check_resident_id]
    cleaner = staticmethod(identity.normalise_id)
