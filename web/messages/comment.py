"""Words about what neighbours write."""

MESSAGES = {
    "comment.not_found": "There is no such comment on {ref}.",
    "comment.too_often": "Many comments came from here in a short time. Please wait a few minutes; your words stay.",
    "comment.unanswered": "Comments of neighbours wait for an answer: {count}.",
}
