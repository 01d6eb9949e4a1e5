"""Wires settings, addresses and the command line; decides nothing."""
