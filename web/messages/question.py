"""Words about a question in an address."""

MESSAGES = {
    "question.no_use": "We do not know what “{value}” would be here. Choose one of the pictures above; your words stay.",
    "question.refused": "We do not understand “{value}” for {field}, and give nothing rather than more than you asked.",
    "question.refused_length": "This address asks more than {most} things.",
    "question.refused_part": "We do not know what “{field}” asks here, and give nothing rather than more than you asked.",
    "question.refused_twice": "The address asks {field} twice, and not the same.",
    "question.too_long": "This address asks more than {most} things. We looked at the first {most}.",
    "question.twice": "The address asks {field} twice, and not the same. We took the first.",
    "question.unclear": "We do not understand “{value}” for {field}, and left it out. The list is wider than you asked.",
    "question.unknown_part": "We do not know what “{field}” asks, and left it out.",
    "question.unknown_parts": "We do not know what {count} parts of this address ask, and left them out: “{fields}”.",
}
