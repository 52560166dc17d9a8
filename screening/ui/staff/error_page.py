"""What staff see when the program fails: what was kept, what to do, and whom to tell."""

from __future__ import annotations

from screening.ui.html import show


def staff_error_page() -> None:
    """Say so in the words of whoever works here."""
    show(
        '<div class="summary" role="alert"><h2>This page could not be shown</h2><p>What was saved before is kept, and '
        "so is what you have begun to write. Load the page again; if it stays, tell whoever runs the program, and the "
        "time.</p><p>Somebody urgent does not wait for this page: the telephone works without it.</p></div>"
    )
