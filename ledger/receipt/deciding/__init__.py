"""Check a draft, decide to book it or to ask, and join two readers' drafts."""
