"""Pages and forms of the decision chain."""
