"""Matching for whoever looks: the question and its form, the ranked answer, and the reasons in words."""
