"""From submissions to marks: read the answers, run them where they can do no harm, report.

`answers` takes the answer cells out of a submission. `judge` plays them in a confined child of a
`warm` parent (`inside/` is what runs there) and compares what hidden cells print by nbval's own
comparison; `oracle` is nbval itself, for tests and where nothing can be forked.
`batch` does so for many, through `marking` and any executor; every verdict is a line in the
`journal`, and all reports are made from that: `report`, `feedback`, `overview`, `summary`.
"""
