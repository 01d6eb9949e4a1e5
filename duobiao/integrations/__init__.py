"""Data in and out: the importer for CSV and XLSX with its mappings, and the exports."""
