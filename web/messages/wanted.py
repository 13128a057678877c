"""Words about what somebody looks for."""

MESSAGES = {
    "wanted.by_before_from": "The last day to begin is before the first. Choose a later one.",
    "wanted.day_is_over": "{day} is over. Choose a later day, or leave it open.",
    "wanted.most_below_least": "The most is less than the least. Make it larger, or leave it open.",
    "wanted.plot_has_no_ceiling": "A plot has no ceiling, door or floor. Choose another kind, or leave those open.",
    "wanted.too_many_uses": "Choose {most} uses at most; we looked at the first {most}.",
}
