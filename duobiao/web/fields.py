"""Draw the control of a Django form field with our classes and the right descriptions for assistive technology."""

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, ClearableFileInput, RadioSelect, Select
from django.utils.safestring import SafeString

CLASSES = (
    ((RadioSelect, CheckboxSelectMultiple), ""),
    ((CheckboxInput,), "box"),
    ((ClearableFileInput,), "in file"),
    ((Select,), "in sel"),
)


def control_class(bound: BoundField) -> str:
    """Return the CSS class of a field's control."""
    widget = bound.field.widget
    own = next((css for kinds, css in CLASSES if isinstance(widget, kinds)), "in")
    return " ".join(filter(None, [own, str(widget.attrs.get("class", ""))]))


def control(bound: BoundField, **attributes: object) -> SafeString:
    """Draw a bound field's control.

    Django adds ``aria-invalid``, ``aria-describedby``, ``required`` and ``maxlength`` by itself; the field macro gives
    help and error the ids that ``aria-describedby`` names.

    Args:
        attributes: HTML attributes; underscores become hyphens, ``None`` and ``False`` are left out.
    """
    extra: dict[str, str | bool] = {
        name.rstrip("_").replace("_", "-"): "" if value is True else str(value)
        for name, value in attributes.items()
        if value is not None and value is not False
    }
    if css := " ".join(filter(None, [control_class(bound), str(extra.get("class", ""))])):
        extra["class"] = css
    return bound.as_widget(attrs=extra)
