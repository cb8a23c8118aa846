"""From submissions to marks: read the answers, let nbval judge them, report.

`answers` takes the answer cells out of a submission and puts them into our own sheet,
`judge` runs that sheet under nbval and explains each verdict, `batch` does so for many
submissions at once, and `report` writes the table and the feedback pages.
"""
