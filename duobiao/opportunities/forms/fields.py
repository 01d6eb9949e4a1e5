"""Fields that forms of deals share."""

from typing import Any

from django import forms

SEPARATORS = str.maketrans({",": "", "，": "", " ": "", "\u00a0": "", "\u3000": ""})


class AmountField(forms.DecimalField):
    """An amount as people type it: separators of thousands are read over."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """Read the figure without separators."""
        return super().to_python(value.translate(SEPARATORS) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask a phone for its keys of figures."""
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}
