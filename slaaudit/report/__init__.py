"""Results to words, tables and data. Nothing is computed here but how it looks."""
