"""Prove who asks: by a session's cookie, by data that Telegram signed, or by a token."""
