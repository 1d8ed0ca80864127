"""Forms that stand open while what they are about changes: nothing typed is lost unsaid."""

from django import forms


def lost_changes(form: forms.BaseForm) -> list[forms.BoundField]:
    """The fields of *form* that were sent with a change although they are fixed by now.

    A form leaves out what a disabled field was sent with. Somebody who opened the page before it
    was fixed has to be told so, and to get their words back.
    """
    return [bound for bound in form if _is_lost(bound)]


def _is_lost(bound: forms.BoundField) -> bool:
    field = bound.field
    if not (field.disabled and bound.html_name in bound.form.data):
        return False
    # Browsers send lines with other ends than they were given.
    sent = bound.data.replace("\r\n", "\n") if isinstance(bound.data, str) else bound.data
    field.disabled = False  # a disabled field never says that it has changed
    try:
        return field.has_changed(bound.initial, sent)
    finally:
        field.disabled = True
