"""Words for the office's rooms for spaces and reports."""

MESSAGES = {
    "report.email": "This is not an e-mail address. Write it like name@example.org.",
    "report.invalid": "Some things do not fit yet.",
    "report.not_found": "There is no report {ref} in this register.",
}
