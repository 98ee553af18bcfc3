"""Declare e-mail: addresses that people confirmed, mails to send, and mails that came."""

from ports.mail.addresses import MailAddress, MailAddresses, MailOffer
from ports.mail.letters import (
    Letter,
    LetterWriter,
    MailFile,
    MailHead,
    MailOpener,
    MailRefusedError,
    MailSender,
    OutgoingMail,
)

__all__ = [
    "Letter",
    "LetterWriter",
    "MailAddress",
    "MailAddresses",
    "MailFile",
    "MailHead",
    "MailOffer",
    "MailOpener",
    "MailRefusedError",
    "MailSender",
    "OutgoingMail",
]
