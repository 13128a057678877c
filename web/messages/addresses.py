"""Words about lists of addresses."""

MESSAGES = {
    "addresses.none": "{name} has no addresses with places.",
    "addresses.not_listed": "Not in the address list.",
    "addresses.read_as": "Read as {address}.",
}
