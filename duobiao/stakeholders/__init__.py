"""The decision chain of a deal: its people, what we observed of each, who listens to whom, and what follows from it."""
