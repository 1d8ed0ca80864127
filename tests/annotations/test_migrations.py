"""Stored databases come through what a migration asks of their rows."""

import pytest
from django.db import connection
from django.utils import timezone


def test_exclusions_get_their_other_half(at):
    model = at("annotations", "0001_initial")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    study = model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    since = timezone.now()
    halves = [("silent", since, ""), ("undone", None, "guessing"), ("whole", since, "guessing")]
    for name, excluded_at, reason in halves:
        model("annotations", "Rater").objects.create(
            study=study, pseudonym=name, excluded_at=excluded_at, excluded_reason=reason
        )

    raters = at("annotations", "0002_excluded_with_reason")(
        "annotations", "Rater"
    ).objects.order_by("pk")

    assert list(raters.values_list("pseudonym", "excluded_at", "excluded_reason")) == [
        ("silent", since, "no reason on record"),
        ("undone", None, ""),
        ("whole", since, "guessing"),
    ]


def test_what_was_skipped_before_is_counted(at):
    model = at("annotations", "0003_question_version")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    study = model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    rater = model("annotations", "Rater").objects.create(study=study, pseudonym="r", handed=3)
    now = timezone.now()
    for position, state in enumerate(["skipped", "skipped", "judged"], start=1):
        item = model("annotations", "Item").objects.create(
            study=study, position=position, text="a text", places=1
        )
        model("annotations", "Assignment").objects.create(
            item=item, rater=rater, state=state, reserved_at=now, expires_at=now
        )

    raters = at("annotations", "0004_rater_skipped")("annotations", "Rater").objects

    assert raters.get().skipped == 2


def test_regular_ones_among_what_was_skipped_are_counted(at):
    model = at("annotations", "0004_rater_skipped")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    study = model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    rater = model("annotations", "Rater").objects.create(study=study, pseudonym="r", skipped=2)
    now = timezone.now()
    for position, regular in enumerate([True, False], start=1):
        item = model("annotations", "Item").objects.create(
            study=study, position=position, text="a text", places=1
        )
        model("annotations", "Assignment").objects.create(
            item=item,
            rater=rater,
            state="skipped",
            is_regular=regular,
            reserved_at=now,
            expires_at=now,
        )

    raters = at("annotations", "0005_counts_tell_nothing")("annotations", "Rater").objects

    assert raters.get().skipped_regular == 1


def test_ways_out_of_studies_made_here_are_declared_and_of_imports_none(at):
    model = at("annotations", "0005_counts_tell_nothing")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    four = ["compliance", "refusal", "partial", "unclear"]
    rows = [
        ("orientation", "trials", "orientation", "nominal", ["prosocial", "unclear", "refusal"]),
        ("options", "trials", "option", "nominal", ["A", "B", "none", "several"]),
        ("own", "trials", "declared", "nominal", four),
        ("vector", "trials", "declared", "vector", ["self", "refusal"]),
        ("angle", "trials", "angle", "interval", []),
        ("import", "import", "declared", "nominal", four),
    ]
    for name, source, kind, scale, categories in rows:
        model("annotations", "Study").objects.create(
            project=project,
            name=name,
            slug=name,
            source=source,
            kind=kind,
            scale=scale,
            categories=categories,
        )

    studies = at("annotations", "0006_ways_out")("annotations", "Study").objects

    assert dict(studies.values_list("name", "ways_out")) == {
        "orientation": ["unclear", "refusal"],
        "options": [],
        "own": ["refusal", "unclear"],
        "vector": [],
        "angle": [],
        "import": [],
    }


def test_a_study_of_before_declares_no_kind_of_raters_and_no_ranges(at):
    model = at("annotations", "0007_study_metric")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    studies = at("annotations", "0009_ranges")("annotations", "Study").objects
    assert list(studies.values_list("raters_are", "ranges")) == [("", {})]


def study_of_two_trials(model, **scorer):
    """A study of two trials, as functions that score so many of them by a version."""
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    make = {"sha256": "0" * 64, "version": "1", "definition": {}}
    instrument = model("evaluations", "Instrument").objects.create(key="i", **make)
    run = model("evaluations", "Run").objects.create(
        project=project, name="r", instrument=instrument
    )
    endpoint = model("evaluations", "Endpoint").objects.create(
        project=project, name="e", model="m", kind="replay"
    )
    cell = model("evaluations", "Cell").objects.create(run=run, endpoint=endpoint)
    study = model("annotations", "Study").objects.create(
        project=project, name="s", slug="s", **scorer
    )
    trials = [
        model("evaluations", "Trial").objects.create(run=run, cell=cell, number=number)
        for number in (1, 2)
    ]
    for position, trial in enumerate(trials):
        model("annotations", "Item").objects.create(
            study=study, position=position, trial=trial, places=1
        )

    def score(version, number):
        for trial in trials[:number]:
            model("evaluations", "Score").objects.create(
                trial=trial,
                scorer="metric",
                version=version,
                outcome="scored",
                orientation="prosocial",
                detail={"extractor": "rules 7"},
            )

    return score


def test_a_study_goes_by_the_newest_version_that_is_complete(at):
    score = study_of_two_trials(at("annotations", "0006_ways_out"), scorer="metric")
    for version, number in (("1+fff", 2), ("1+000", 2), ("9", 1)):
        score(version, number)

    studies = at("annotations", "0007_study_metric")("annotations", "Study").objects

    assert studies.values_list("scorer_version", "scorer_in_force", "reader_in_force").get() == (
        "",
        "1+000",
        "rules 7",
    )


@pytest.mark.parametrize("settled_late", [False, True])
def test_a_study_knows_the_row_of_the_metric_that_counts(at, settled_late):
    known = {"scorer_in_force": "2", "reader_in_force": "rules 7"}
    model = at("evaluations", "0005_definitions_get_their_project")
    chosen = {"scorer": "metric", "scorer_version": "2"}
    study_of_two_trials(model, **chosen, **({} if settled_late else known))("2", 2)
    meanwhile = at("annotations", "0016_studies_name_their_metric")
    if settled_late:  # by the program of before, which knows no row
        meanwhile("annotations", "Study").objects.update(**known)

    model = at("annotations", "0017_the_metric_of_a_study")

    study = model("annotations", "Study").objects.get()
    assert (study.metric_name, study.metric_version) == ("metric", "2")
    assert (study.metric_in_force.name, study.metric_in_force.version) == ("metric", "2")
    assert study.reader_in_force == "rules 7"


def test_parts_of_before_belong_to_no_browser_yet_and_one_text_earns_the_code(at):
    model = at("annotations", "0011_declared_of_items")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    study = model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    rater = model("annotations", "Rater").objects.create(study=study, pseudonym="r")
    invitation = model("annotations", "Invitation").objects.create(
        study=study, name="i", nonce="n", platform="prolific", completion="DONE"
    )
    model("annotations", "Identity").objects.create(
        study=study, rater=rater, invitation=invitation, platform="prolific", external_id="p"
    )

    model = at("annotations", "0012_once_and_earned")

    identity = model("annotations", "Identity").objects.get()
    assert (identity.browser, identity.earlier_parameters) == ("", [])
    study = model("annotations", "Study").objects.get()
    assert (study.least_judged, study.most_skipped) == (1, None)
    invitation = model("annotations", "Invitation").objects.get()
    assert (invitation.completion, invitation.below, invitation.declined) == ("DONE", "", "")
    assert not model("annotations", "TakenPart").objects.exists()


def test_items_and_labels_from_before_declare_nothing(at):
    model = at("annotations", "0010_archived")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    study = model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    item = model("annotations", "Item").objects.create(
        study=study, position=1, text="a text", places=1
    )
    model("annotations", "AutomatedLabel").objects.create(item=item, scorer="m", label="yes")

    model = at("annotations", "0011_declared_of_items")

    assert model("annotations", "Study").objects.get().properties == []
    assert model("annotations", "Item").objects.get().properties == {}
    assert model("annotations", "AutomatedLabel").objects.get().reason == ""


def test_studies_and_raters_of_before_keep_what_they_ask_and_declare_no_culture(at):
    model = at("annotations", "0012_once_and_earned")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    for kind in ("orientation", "angle", "option", "declared"):
        model("annotations", "Study").objects.create(
            project=project, name=kind, slug=kind, kind=kind
        )
    study = model("annotations", "Study").objects.get(name="angle")
    model("annotations", "Rater").objects.create(study=study, pseudonym="r", language="de")

    model = at("annotations", "0014_marks_and_cultures")

    studies = model("annotations", "Study").objects
    assert all(name == kind for name, kind in studies.values_list("name", "kind"))
    assert list(model("annotations", "Rater").objects.values_list("culture", "language")) == [
        ("", "de")
    ]
    # What the release before writes says nothing of cultures.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO annotations_rater (study_id, kind, pseudonym, stage, language,"
            " reverses_options, missed_attention, paused_by_staff, excluded_reason, handed,"
            " skipped, judged, created_at) SELECT study_id, kind, 'text', stage, language,"
            " reverses_options, missed_attention, paused_by_staff, excluded_reason, handed,"
            " skipped, judged, created_at FROM annotations_rater"
        )
    assert model("annotations", "Rater").objects.get(pseudonym="text").culture == ""
    assert not model("annotations", "Mark").objects.exists()
    assert not model("annotations", "ItemPlaces").objects.exists()
