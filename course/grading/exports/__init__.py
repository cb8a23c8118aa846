"""The exercises for other graders."""
