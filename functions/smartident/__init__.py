"""What the steps share: modules named by nouns, imported one way (handler, step, noun, table and ports)."""
