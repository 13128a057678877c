"""Words about lists of addresses."""

MESSAGES = {
    "addresses.near": "Waits for a place. It may be {address}: one press under Places.",
    "addresses.none": "{name} has no addresses with places. Its columns: {columns}; taken for: {taken}. Say what they are, here at the columns or with --address-column.",
    "addresses.taken": "Placed at {address}, as was chosen.",
    "addresses.not_listed": "Not in the address list.",
}
