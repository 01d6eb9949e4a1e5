"""Forms of customers and contacts. They show and read; what a value may be is decided by the actions."""
