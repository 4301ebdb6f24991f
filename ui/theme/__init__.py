"""Colours, type, icons and the words of one look: handed to every widget when it is made.

A look never changes. Another theme, language or text size is another look, and the shell makes its pages anew
from their presenters, which keep the state.
"""
