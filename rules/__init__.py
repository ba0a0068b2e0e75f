"""The office's rules. Pure: no network, no database, no clock of its own, no Telegram."""
