"""Rules of chains: pure."""
