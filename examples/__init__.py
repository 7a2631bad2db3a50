"""Demo data and the programs that show hotfit at work."""
