"""Bring in data from other systems: CSV and XLSX files, read by a mapping that says which column becomes what.

Administrators import on a page, on the console or by the API; all three use the same actions. An import keeps the
original ids, owners and dates, gives back a file with every row it refused, can be repeated without effect, and goes on
where it was killed. It proves nothing that the files do not show: a stage claimed by the source stays a claim.
"""
