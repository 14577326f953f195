"""Act: complaints, suggestions, praise, enquiries, and their clocks."""
