"""Company templates of Word papers: an administrator replaces how a kind of paper looks, tries it, and goes back to ours.

The papers themselves are written where their content lives, by ``web.papers``; here is only what they are laid out by.
"""
