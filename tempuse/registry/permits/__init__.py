"""Use cases of permits: asking, deciding, agreeing, handing over, and what came of it. One function is one act."""
