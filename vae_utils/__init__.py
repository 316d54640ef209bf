"""Shared helper code of the VAE book: import its modules, not this package."""
