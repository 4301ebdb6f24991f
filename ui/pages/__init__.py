"""The pages: thin, made anew with every look, drawing what their presenter holds."""
