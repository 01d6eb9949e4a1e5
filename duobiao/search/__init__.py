"""Finding customers, contacts and deals by any two characters, within what the person may see."""
