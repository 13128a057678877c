"""Words about lists of addresses."""

MESSAGES = {
    "addresses.near": "Waits for a place. It may be {address}: one press under Places.",
    "addresses.none": "{name} has no addresses with places. Its columns: {columns}; taken for: {taken}. --address-column says what one is.",
    "addresses.taken": "Placed at {address}, as was chosen.",
    "addresses.not_listed": "Not in the address list.",
}
