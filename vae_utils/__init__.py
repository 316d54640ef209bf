"""Shared helper code of the VAE book: import its modules, not this package.

from vae_utils import datasets, models, networks
"""
