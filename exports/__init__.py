"""What leaves: one module for each thing."""
