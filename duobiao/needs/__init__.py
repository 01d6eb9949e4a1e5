"""What the customer needs: requirement tree, verification, questions, objections; not how we solve it."""
