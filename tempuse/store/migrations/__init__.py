"""Steps from one version of the schema to the next, written by hand, one file each."""
