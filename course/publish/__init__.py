"""What is made from the sources: notebooks, exercises, the cheat sheet."""
