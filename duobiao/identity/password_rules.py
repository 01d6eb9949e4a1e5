"""The rule on the length of passwords, in our own words: Django has no Chinese for its sentence."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class MinimumLength(MinimumLengthValidator):
    """Says how many characters a password needs."""

    def get_error_message(self) -> str:
        """Return the sentence shown under the field."""
        words = ngettext("Use at least %(count)s character.", "Use at least %(count)s characters.", self.min_length)
        return words % {"count": self.min_length}
