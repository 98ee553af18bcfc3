"""Checks of a draft, the decision to book it or to ask, and the joining of two readers' drafts."""
