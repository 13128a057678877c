"""Words about the machine's clock."""

MESSAGES = {
    "clock.back": "The clock of this machine says {now}, but something was done in the register at {latest}. If the clock was ahead then, what it made public too early is taken back within a minute of “tempuse serve” or “tempuse worker”; if it is behind now, set it right.",
    "clock.held": "The clock leapt ahead to {at} while tempuse ran. Until somebody has looked, nothing becomes public by the calendar. If the clock is right, start tempuse again or run “tempuse check --mend”; if not, set it right.",
}
