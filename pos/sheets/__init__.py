"""Spreadsheets in and out: files become typed rows and rows become files; no database is known here.

`reading.read_sheet` opens a file, `catalogue.parse_catalogue` makes products and variants of it,
`writing.write_catalogue` writes them out again. What comes back from a round trip is equal.
"""
