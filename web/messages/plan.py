"""Words about plans: PDFs of a space."""

MESSAGES = {
    "plan.no_name": "Say which plan it is, like: Ground floor.",
    "plan.none": "{name} is not a PDF. Save the plan as a PDF and send that.",
    "plan.space_full": "{ref} has {most} plans. Remove one before you add another.",
    "plan.too_large": "{name} is larger than {most} MB. Save it smaller and send it again.",
    "plan.too_many_pages": "{name} has {pages} pages, and a plan may have {most}. Send those that show the space.",
    "plan.too_much": "{name} becomes too large when somebody opens it. Print it to a new PDF and send that.",
}
