"""Rules of needs: pure, without database or clock."""
