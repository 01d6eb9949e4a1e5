"""Who else is in the race: rivals, how they stand on a deal, battle cards, and whether a deal is worth the effort."""
