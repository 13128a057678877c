"""Letters: an event writes one into the register; here it is worded, judged once more, and delivered."""
