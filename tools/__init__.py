"""What the project checks itself with; nothing here is installed with hotfit."""
