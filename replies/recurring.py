"""Tell a chat what was booked by itself, and remind it of what is due."""

from __future__ import annotations

from datetime import datetime

from ports.answers import Captured
from ports.units import UnitOfWork
from presentation import views
from replies.alerts import respond_alerts
from replies.entries import subject_of
from replies.responder import ChatResponder
from services.recurring.due import DueBooked
from services.recurring.reminders import Reminder


def send_booked(unit: UnitOfWork, due: DueBooked, now: datetime) -> None:
    """Confirm the entries of one booking in one message, with a button that takes them back."""
    if due.silent:
        return
    key = f"recurring-{due.operation_id}"
    responder = ChatResponder(unit, due.chat, key, now, payers=due.payers, kind="push")
    reply = views.captured(
        Captured(booked=due.booked), responder.t, today=responder.today, payers=responder.payers
    )
    assert reply is not None, "something was booked"
    told = views.series_booked(reply, due.operation_id, responder.t)
    responder.reply(told, subject=subject_of(due.booked))
    respond_alerts(responder, due.alerts)


def send_reminder(unit: UnitOfWork, reminder: Reminder, now: datetime) -> None:
    """Remind once."""
    responder = ChatResponder(unit, reminder.chat, reminder.message_key, now, kind="push")
    responder.reply(views.series_reminded(reminder.reminded, responder.t, today=responder.today))
