"""What this server has not got yet, and what is written in its place, since clients look for the keys.

Whoever adds guides finds every place that waits for them by the uses of these names.
"""

from __future__ import annotations

GUIDE_ID: int | None = None
"""The annotation guide of a project, task or job."""

FUNCTION_ID: str | None = None
"""The model that a background request runs."""
