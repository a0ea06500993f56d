"""Mails to accounts. Nobody runs a mail server for this one: they become files that its owner looks into."""

from __future__ import annotations

import logging
import os
import tempfile
from email.message import EmailMessage
from email.utils import localtime
from pathlib import Path

logger = logging.getLogger(__name__)

_PRIVATE = 0o700


def send(folder: Path, name: str, address: str, subject: str, text: str) -> None:
    """Write a mail into a folder that only the server's user may look into.

    The log tells where it is, and nothing of what it says.

    Args:
        folder: The folder; made when it is missing.
        name: Name of the file without its suffix; an older mail of this name is replaced.
        address: Whom it is for.
        subject: Its subject.
        text: What it says.
    """
    message = EmailMessage()
    message["From"] = "cvat-local@localhost"
    message["To"] = address
    message["Subject"] = subject
    message["Date"] = localtime()
    message.set_content(text)
    folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    target = folder / f"{name}.eml"
    descriptor, temporary = tempfile.mkstemp(dir=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(message.as_bytes())
    Path(temporary).replace(target)
    logger.info("A mail to an account is in %s", target)
