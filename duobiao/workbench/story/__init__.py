"""The demonstration's story: invented companies, people and deals, replayed day by day through the real actions.

The data is in ``data/``, dated relative to today. Nothing is written into tables directly, so history, timeline,
audit chains and figures are those of a system that was really used.
"""
