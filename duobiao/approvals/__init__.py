"""Approvals: who has to say yes to a waiver, a give-up, later a quotation or contract, and what they said.

Used by everybody who asks or decides. A chain is data; a request walks through its steps. What follows a decision is
not known here: the capability that asked registers a handler of ``ApprovalDecided``.
"""
