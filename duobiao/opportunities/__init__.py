"""The deal: its evidence ledger, assessment, team, participants, waivers, outcome, board, list and funnel."""
