"""What all explorers, or several of them, are made with: Python here, and the scripts beside it."""
