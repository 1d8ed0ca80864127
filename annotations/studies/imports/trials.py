"""Trials from a file that came in, of any layout, as an imported run."""

from annotations.studies.imports.found import Store, Taking, counted, refused
from evaluations.files.importing import Report, foretell_trials, import_trials
from evaluations.files.records import Opener, own_format
from evaluations.interchange.formats import nothing_in, recognised
from evaluations.interchange.lm_eval import results_of
from evaluations.interchange.trials import TRIAL_FORMATS
from evaluations.models import Instrument

OWN_NAMES = {
    "jsonl": "JSON Lines, a trial a line",
    "csv": "a table of trials, a row for each message",
}


def take_trials(taking: Taking) -> Store:
    """Trials of ours or of another program."""
    looked = taking.looked
    if taking.beside and taking.beside.exists():
        # What one program wrote beside its file stands there again, under the name it looks for.
        taking.beside.rename(results_of(looked.path))
    told = recognised(looked, TRIAL_FORMATS)
    if told.format is None and not looked.is_text:
        raise refused(f"This is {nothing_in(looked, 'trials', told.why_none)}")
    key = told.format.key if told.format else own_format(looked)
    taking.found.format = told.format.name if told.format else OWN_NAMES[key]
    if taking.only_looks:
        report_of(taking, key, told.format is not None, "trial")

    def store() -> str:
        taking.storing()
        run = report_of(taking, key, told.format is not None, "trial").run
        return run.get_absolute_url() if run else ""

    return store


def report_of(taking: Taking, layout: str | Opener, is_foreign: bool, noun: str) -> Report:
    """What importing the file does, noted; it is only foretold while the file is looked at."""
    options, upload, found = taking.options, taking.upload, taking.found
    instrument = Instrument.objects.in_reach_of(upload.project).get(pk=options["instrument"])
    asked = {
        "file_format": layout,
        "run_name": options["run"],
        "instrument": instrument,
        "keep_good": options["partial"],
    }
    taking.rejected.again()
    with taking.looked.open() as stream:
        source = taking.looked if is_foreign else stream
        if taking.only_looks:
            report = foretell_trials(upload.project, source, rejects=taking.rejected.add, **asked)
        else:
            report = import_trials(
                upload.project,
                source,
                rejects=taking.rejected.add,
                model_note=options["note"],
                actor=upload.owner,
                **asked,
            )
    found.notes = [str(note) for note in report.notes]
    for problem in report.rejected[taking.rejected.count :]:  # of the file as a whole
        taking.rejected.say(problem)
    if report.rejected:
        found.refuse(report.rejected, len(report.rejected))
    if report.run:
        found.would = (
            f"{counted(report.added, noun)} added to the run {report.run.name}; "
            f"{report.already_there:,} already there, {len(report.rejected):,} rejected"
        )
    return report
