"""Files: stored once by content, attached to any record, shown to those who may see a record they hang on.

Used wherever something is proved or agreed on paper. It does not interpret files.
"""
