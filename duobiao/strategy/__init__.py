"""How we mean to win a deal: strategy versions with their reviews, and contingency plans for its risks."""
