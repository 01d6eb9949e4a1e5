"""Forms that open, replace and end drafts."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.playbooks.domain.document import LARGEST


class CloneForm(forms.Form):
    """Of which playbook the clone becomes a version."""

    key = forms.CharField(
        label=pgettext_lazy("playbook", "Key"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Keep it for the next version; write another one for a playbook of its own."),
    )


class DocumentForm(forms.Form):
    """A playbook as YAML: a file, or pasted."""

    file = forms.FileField(label=_("YAML file"), required=False)
    text = forms.CharField(
        label=_("Or paste it here"), required=False, max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )  # fmt: skip
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        held = dict(super().clean() or self.cleaned_data)
        if not held.get("file") and not held.get("text") and not self.errors:
            self.add_error("file", _("Choose a file, or paste the document."))
        return held

    def source(self) -> bytes:
        """Return the document; of a file that is too large one byte more than is taken."""
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            return bytes(file.read(LARGEST + 1))
        return str(self.cleaned_data["text"]).encode("utf-8", "surrogatepass")


class VersionForm(forms.Form):
    """Which version of a draft was looked at."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
