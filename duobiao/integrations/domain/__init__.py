"""Pure reading of files and cells."""
