"""The letters of a day in one, for whoever wants them so: each in full, while there is room."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale, gettext, ngettext
from flask_mailman import EmailMessage

# Letters of one joined letter, beyond which the others are named only.
LONGEST = 60_000
_LINE = "\n\n" + "-" * 40 + "\n\n"


def join(worded: Sequence[EmailMessage], language: str) -> EmailMessage:
    """Several letters to one reader as one, which bears the number of the first; a single one as it is.

    What does not fit any more is left out, and said to be by its subject.
    """
    first = worded[0]
    if len(worded) == 1:
        return first
    parts: list[str] = []
    left: list[str] = []
    room = LONGEST
    for each in worded:
        room -= len(each.body)
        if room >= 0 or not parts:
            parts.append(f"{each.subject}\n\n{each.body.strip()}")
        else:
            left.append(each.subject)
    with force_locale(language):
        subject = ngettext("%(num)s letter of today", "%(num)s letters of today", len(worded))
        if left:
            said = gettext("These did not fit in here. You find what they tell on your page:")
            parts.append("\n".join([said, *left]))
    return EmailMessage(
        subject, _LINE.join(parts) + "\n", first.from_email, first.to, headers=first.extra_headers,
        reply_to=first.reply_to,
    )  # fmt: skip
