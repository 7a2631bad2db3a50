"""The migrations, one a file, named by date."""
