"""Pages of playbooks, one file each."""
