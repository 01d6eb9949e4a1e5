"""What we can show a customer: reference cases with who may be named, and overviews of a technology by industry.

Used by sellers who prepare a visit and by presales who keep it. Not a file store (``documents``), and not what an industry plans.
"""
