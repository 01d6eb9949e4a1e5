"""Customers and their people: 客户基本信息表 and 联系人基本信息表, with how completely each is known.

Used by sellers from the first call on, and by every capability that needs to know who buys. It does not know
deals: what keeps a customer busy is written here as a hold, who may see it as a grant.
"""
