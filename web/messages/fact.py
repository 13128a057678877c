"""Words about the facts of a space as a person types them."""

MESSAGES = {
    "fact.dot_or_comma": "Dot or comma? It could be two numbers. Write 1250 or 1.25.",
    "fact.not_a_date": "Write the day like 2027-03-01.",
    "fact.not_a_number": "Write a number, like 640 or 12.5.",
    "fact.not_whole": "Write a whole number, like 12.",
    "fact.too_fine": "Write two decimals at most.",
}
