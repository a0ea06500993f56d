"""Dataset formats: annotations into files and back. No HTTP and no database in here."""
