"""What a token may be used for. A scope never gives more than its owner's roles do."""

from django.db.models import TextChoices


class Scope(TextChoices):
    READ = "read", "read everything its owner may read"
    RUNS_WRITE = "runs:write", "describe endpoints and definitions; plan, start and stop runs"
    TRIALS_WRITE = "trials:write", "put scores of trials and items"
    STUDIES_WRITE = "studies:write", "draw, set, open and close studies; pause and exclude raters"
    JUDGMENTS_WRITE = "judgments:write", "have simulated raters judge; decide disputes"
    REPORTS_WRITE = "reports:write", "make and keep reports"
