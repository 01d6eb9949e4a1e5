"""Pure rules of playbooks: what a playbook is, how it compiles to bits, and how facts are judged by it."""
