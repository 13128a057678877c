"""Owners are asked by letter how their spaces may be shown, and answer by its link."""
