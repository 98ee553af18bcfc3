"""Turn answers, pushes and results of jobs into messages of a chat, without Telegram."""
