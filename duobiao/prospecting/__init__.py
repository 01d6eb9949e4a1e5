"""Finding customers: leads and how they become deals, pools they are taken from, campaigns, forms on web sites."""
