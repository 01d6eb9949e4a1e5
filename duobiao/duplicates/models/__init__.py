"""Tables of duplicates: keys by which likely ones are found, pairs proposed, merges with what they changed."""

from duobiao.duplicates.models.merge import Merge, MergeMemory
from duobiao.duplicates.models.pair import Pair, PairState, SignKey

__all__ = ["Merge", "MergeMemory", "Pair", "PairState", "SignKey"]
