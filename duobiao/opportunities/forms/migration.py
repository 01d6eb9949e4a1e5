"""Forms about moving deals to another playbook."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.opportunities.queries.migrations import targets
from duobiao.playbooks.queries import version_title

LONGEST = 400_000
CHOSEN = re.compile(r"([A-Za-z0-9-]{3,16}):([1-9]\d{0,9})")


class MigrationForm(forms.Form):
    """Which deals, as they were seen, and where they go."""

    deals = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST)
    target = forms.ChoiceField(label=gettext_lazy("Playbook to move to"))
    reason = forms.CharField(
        label=gettext_lazy("Why (shown in each project's timeline)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, leaving: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        if isinstance(field, forms.ChoiceField):
            rows = [version for version in targets() if version.ref != leaving]
            field.choices = [("", _("choose a playbook")), *[(row.ref, version_title(row)) for row in rows]]

    def clean_deals(self) -> list[tuple[str, int]]:
        """Return references with the version that was seen."""
        words = self.cleaned_data["deals"].split()
        matches = [CHOSEN.fullmatch(word) for word in words]
        found = [(match[1], int(match[2])) for match in matches if match is not None and int(match[2]) < 2**31]
        if not found or len(found) != len(words):
            raise forms.ValidationError(_("This form is damaged. Choose the projects again."))
        return found
