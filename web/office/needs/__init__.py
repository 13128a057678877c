"""The office's room of groups that look: their list, the page of one, and what is looked for beside what there is."""
