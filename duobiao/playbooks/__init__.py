"""Playbooks as versioned data, the evidence catalogue, and the pure engine that assesses a deal."""
