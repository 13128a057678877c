"""The words for every message id that comes from below floor 6: id -> English, with {values}.

English is the key of the translations. Each sentence says what is wrong and, where something can be done,
what to do. A test sees to it that every id raised below has words here, and that no word is left over.
"""

from __future__ import annotations

from web.messages import issues, rooms, rules

MESSAGES: dict[str, str] = {**rules.MESSAGES, **issues.MESSAGES, **rooms.MESSAGES}
