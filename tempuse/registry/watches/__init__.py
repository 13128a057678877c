"""Use cases of watches: asked for, told once of each space that begins to fit, and ended by whoever likes."""
