"""Work off the window's thread: one lane for writes, one for reads, progress and cancel. Plain Python."""

from csdesk.jobs.lanes import Job, Jobs, Task
from csdesk.jobs.progress import Progress, TimeLeft

__all__ = ["Job", "Jobs", "Progress", "Task", "TimeLeft"]
