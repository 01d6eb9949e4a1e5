"""What people do with sheets and plans."""
