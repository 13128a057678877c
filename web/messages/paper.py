"""Words about papers: scans that people send, and those that we make."""

MESSAGES = {
    "paper.active": "{name} holds programs or buttons that act. Print it to a new PDF, or scan it, and send that.",
    "paper.attached": "{name} has other files within. Send it without them.",
    "paper.damaged": "{name} is damaged and cannot be read. Scan or save it again.",
    "paper.encrypted": "{name} has a password. Save it without one and send it again.",
    "paper.no_pages": "{name} has no pages.",
    "paper.none": "{name} is neither a PDF nor a picture. Send a PDF, JPEG, PNG or WebP.",
    "paper.template": "The template {name} does not work, in line {line} ({detail}).",
    "paper.template_ended": "The template {name} takes longer or more memory than is allowed, or makes no PDF.",
    "paper.template_large": "The files beside the templates are larger than {most} MB together; {name} is too much.",
    "paper.too_large": "{name} is larger than {most} MB. Scan it with fewer colours or dots, and send it again.",
}
