"""Rules of sheets and plans: pure, without database or clock."""
