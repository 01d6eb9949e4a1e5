"""What can be done with needs and objections."""
