"""A survey's responses as Qualtrics exports them, BY ITS DOCUMENTED FORM: no Qualtrics ran here.

Three header rows (column, words of the question, ImportId), metadata first, as its help pages on
downloading data and many published exports show. Run: python make_qualtrics.py FOLDER
"""

import csv
import json
import sys
from pathlib import Path

from words import LABELS, RATERS, TEXTS

META = [
    ("StartDate", "Start Date", {"ImportId": "startDate", "timeZone": "America/Denver"}),
    ("EndDate", "End Date", {"ImportId": "endDate", "timeZone": "America/Denver"}),
    ("Status", "Response Type", {"ImportId": "status"}),
    ("IPAddress", "IP Address", {"ImportId": "ipAddress"}),
    ("Progress", "Progress", {"ImportId": "progress"}),
    ("Duration (in seconds)", "Duration (in seconds)", {"ImportId": "duration"}),
    ("Finished", "Finished", {"ImportId": "finished"}),
    (
        "RecordedDate",
        "Recorded Date",
        {"ImportId": "recordedDate", "timeZone": "America/Denver"},
    ),
    ("ResponseId", "Response ID", {"ImportId": "_recordId"}),
    ("RecipientEmail", "Recipient Email", {"ImportId": "recipientEmail"}),
    ("DistributionChannel", "Distribution Channel", {"ImportId": "distributionChannel"}),
    ("UserLanguage", "User Language", {"ImportId": "userLanguage"}),
]
LAST = [
    ("Q_page_Page Submit", "Timing - Page Submit", {"ImportId": "QID90_PAGE_SUBMIT"}),
    ("Q91", "Anything else?", {"ImportId": "QID91_TEXT"}),
    ("group", "group", {"ImportId": "group"}),
]


def respondent(name, labels, status="IP Address"):
    day = "2026-03-01 10:00:00"
    about = [day, day, status, "192.0.2.1", "100", "61", "True", day, f"R_{name}", ""]
    answers = [LABELS[code] for code in labels]
    if name == "cem":
        answers[5] = ""
    return [*about, "anonymous", "EN", *answers, "12.5", "No, thanks", "a"]


columns = [
    *META,
    *((f"Q{n + 1}", text, {"ImportId": f"QID{n + 1}"}) for n, text in enumerate(TEXTS)),
    *LAST,
]
with (Path(sys.argv[1]) / "qualtrics.csv").open("w", encoding="utf-8-sig", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(name for name, _, _ in columns)
    writer.writerow(words for _, words, _ in columns)
    writer.writerow(json.dumps(said, separators=(",", ":")) for _, _, said in columns)
    writer.writerow(respondent("try", RATERS["ann"], "Survey Preview"))
    writer.writerows(respondent(name, labels) for name, labels in RATERS.items())
