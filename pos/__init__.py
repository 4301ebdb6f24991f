"""Hatkhata's core: everything the app can do without a screen."""

__version__ = "0.1.0"
