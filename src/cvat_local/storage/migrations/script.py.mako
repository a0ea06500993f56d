<%!
def body(commands):
    lines = [line for line in (commands or "pass").splitlines() if not line.strip().startswith("# ###")]
    return "\n".join(lines).strip()
%>\
"""${message}

Revision ${up_revision}, after ${down_revision or "nothing"}.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """${message}."""
    ${body(upgrades)}


def downgrade() -> None:
    """Undo it."""
    ${body(downgrades)}
