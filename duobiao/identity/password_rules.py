"""Rules on passwords beside Django's own, and their words: Django has no Chinese for its sentence on the length."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duobiao.identity.models import CompanySettings, User

PRODUCT_WORDS = ("duobiao", "夺标")
LEAST_BESIDE_OUR_WORDS = 8


class MinimumLength(MinimumLengthValidator):
    """Says how many characters a password needs."""

    def get_error_message(self) -> str:
        """Return the sentence shown under the field."""
        words = ngettext("Use at least %(count)s character.", "Use at least %(count)s characters.", self.min_length)
        return words % {"count": self.min_length}


class OurWords:
    """Refuse a password that is little more than a word everybody here knows: the product, the company."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Take the words away and look at what is left.

        Raises:
            ValidationError: fewer than ``LEAST_BESIDE_OUR_WORDS`` characters.
        """
        del user
        left = password.casefold()
        words = [*PRODUCT_WORDS, CompanySettings.load().name.casefold()]
        for word in filter(None, words):
            left = left.replace(word, "")
        if len(left) < LEAST_BESIDE_OUR_WORDS:
            raise ValidationError(self.get_help_text(), code="our_words")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("Beside the name of the company or of this program, use at least 8 characters of your own.")
