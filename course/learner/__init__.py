"""The learner's own copy of the course, and how far it is."""
