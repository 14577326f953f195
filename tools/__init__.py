"""What developers run; the product needs nothing of it."""
