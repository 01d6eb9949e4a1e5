"""Talking with the buyer: telephone invitations and visits, and the evidence each of them supplies."""
