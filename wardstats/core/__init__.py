"""What every other package may use: errors, settings, periods, languages, records, rows, files."""
