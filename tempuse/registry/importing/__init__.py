"""An import: opened, prepared outside the lock, merged whole."""
