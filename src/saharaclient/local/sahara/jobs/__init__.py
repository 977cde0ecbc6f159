"""Jobs: their life, what is prepared for them, and what they leave."""
