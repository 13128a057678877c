"""The office's pages of permits: the list, one screen each, what is done with one and with several."""
