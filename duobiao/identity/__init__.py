"""Who people are and what they may do: users, organisation units, roles, tokens, company settings, policy.

Used by every capability: reads start at ``Model.objects.visible_to(user)``, writes at ``policy.require``.
"""
