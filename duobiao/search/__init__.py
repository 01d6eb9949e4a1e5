"""Search: one index over customers, contacts and deals, in which two Chinese characters suffice.

Used by the palette, the search page and list filters. Capabilities write their rows inside their own actions;
what a person may not see is never found.
"""
