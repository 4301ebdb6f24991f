"""Data that is shipped with the app: fonts, samples, the demo catalogue. No code."""
