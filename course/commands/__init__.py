"""The `course` command: what each of its commands prints, and how it ends."""
