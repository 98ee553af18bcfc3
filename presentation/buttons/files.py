"""Build the actions of exported and imported files."""

from __future__ import annotations

from ports.messages import Action


def import_answer(import_id: str, name: str, value: str) -> Action:
    """Answer a question about a file."""
    return Action("import_answer", (import_id, name, value))


def import_write(
    import_id: str, *, with_probable: bool = False, with_links: bool = False
) -> Action:
    """Write the rows of a file."""
    return Action("import_write", (import_id, with_probable, with_links))


def import_page(import_id: str, page: str, at: int = 0) -> Action:
    """Show another page of a preview."""
    return Action("import_page", (import_id, page, at))


def import_list(import_id: str) -> Action:
    """Send the rows of a preview as a file."""
    return Action("import_list", (import_id,))


def import_cancel(import_id: str) -> Action:
    """Leave a file out."""
    return Action("import_cancel", (import_id,))


def import_reverse(import_id: str, *, redo: bool) -> Action:
    """Undo or redo an import."""
    return Action("import_reverse", (import_id, redo))


def export(format_name: str) -> Action:
    """Send everything as a file."""
    return Action("export", (format_name,))
