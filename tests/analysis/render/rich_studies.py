"""Studies that together have every table a report may have."""

from django.db import connection
from django.utils import timezone

from annotations.models import Assignment, Judgment, OwnMeasure
from tests.analysis.report.test_further_statistics import IDEAL
from tests.analysis.studies import ORIENTATIONS, imported_study, judge_trials, trial_study


def of_trials(project):
    """Angles, a ring, repeated trials of which a part was drawn, value rationality, sure raters,
    one of whom is simulated and one left out, and their own angles."""
    angles = {
        (f"m{at}", target): [IDEAL[target], IDEAL[target] - 1, IDEAL[target], None if at else 30.0]
        for at in range(5)
        for target in ORIENTATIONS
    }
    study = trial_study(project, angles)
    said = [target for _, target in angles for _ in range(4)]
    wrong = ["unclear" if at % 7 == 0 else label for at, label in enumerate(said)]
    judge_trials(study, {"anna": said, "bert": wrong, "carl": said, "dora": wrong, "zoe": wrong})
    judge_trials(study, {"robot": ORIENTATIONS * 20}, kind="simulated")
    study.raters.filter(pseudonym="zoe").update(
        excluded_reason="asked not to be counted", excluded_at=timezone.now()
    )
    for at, rater in enumerate(study.raters.filter(kind="person", excluded_reason="")):
        OwnMeasure.objects.create(rater=rater, choices=[], angle=10.0 * at)
    study.items.filter(position__in=range(2, 81, 4)).delete()
    study.items.update(stratum="cell", weight=4 / 3)
    study.asks_own_measure, study.repeat_share = True, 0.1
    study.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evaluations_score SET fit = number / 100, fit_corrected = number / 90 "
            "WHERE number > 0"
        )
        cursor.execute("UPDATE annotations_judgment SET confidence = 1 + item_id %% 5", [])
    judged_again(study, "anna")
    return study


def judged_again(study, pseudonym):
    """A rater says the same of their first items when they come back."""
    first = Judgment.objects.filter(item__study=study, rater__pseudonym=pseudonym)
    now = timezone.now()
    for one in first.select_related("item", "rater").order_by("item__position")[:8]:
        place = Assignment.objects.create(
            item=one.item,
            rater=one.rater,
            round=1,
            is_regular=False,
            state=Assignment.State.JUDGED,
            reserved_at=now,
            expires_at=now,
            closed_at=now,
        )
        Judgment.objects.create(
            assignment=place, item=one.item, rater=one.rater, label=one.label, is_regular=False
        )


def of_words(project):
    """Categories with a way out, two metrics, one of which gives what is no category."""
    said = ["yes", "no", "no", "unclear"]
    rows = [
        (f"i{at}", rater, said[(at + (at % 5 == place)) % 4])
        for at in range(40)
        for place, rater in enumerate("abcd")
    ]
    metrics = {
        f"metric {one}": {f"i{at}": "n/a" if at % one == 0 else said[at % 4] for at in range(40)}
        for one in (5, 7)
    }
    study = imported_study(
        project,
        rows,
        categories=["yes", "no", "unclear"],
        ways_out=["unclear"],
        automated=metrics,
    )
    study.further_questions = [
        {"key": "tone", "kind": "nominal", "prompt": "Which tone?", "categories": ["kind", "cold"]}
    ]
    study.save()
    with connection.cursor() as cursor:
        said = '{"tone": "kind"}'
        cursor.execute("UPDATE annotations_judgment SET answers = %s WHERE item_id > 0", [said])
    return study


def of_order(project):
    rows = [
        (f"i{at}", rater, str(1 + (at + (at % 4) * shift) % 4))
        for at in range(30)
        for shift, rater in enumerate("abc")
    ]
    metric = {f"i{at}": str(1 + at % 4) for at in range(30)}
    levels = list("1234")
    return imported_study(
        project, rows, scale="ordinal", categories=levels, automated={"metric": metric}
    )


def of_numbers(project):
    rows = [
        (f"i{at}", rater, str(10.0 * at + shift + (at * shift) % 3))
        for at in range(12)
        for shift, rater in enumerate("abc")
    ]
    metric = {f"i{at}": str(10.0 * at + 2 + at % 2) for at in range(12)}
    return imported_study(project, rows, scale="interval", automated={"metric": metric})


def of_vectors(project):
    said = ["1,0,-1", "0,1,1", "1,1,0", "-1,0,1", "0,-1,0"]
    rows = [
        (f"i{at}", rater, said[(at + (at % 3 == place)) % 5])
        for at in range(20)
        for place, rater in enumerate("abc")
    ]
    metric = {f"i{at}": said[at % 5] for at in range(20)}
    names = ["self", "all", "power"]
    return imported_study(
        project, rows, scale="vector", categories=names, automated={"metric": metric}
    )


def of_cultures(project):
    """Two cultures that read the same trials, the second some of them otherwise; a third judged too
    few of them."""
    angles = {
        (f"m{at}", target): [IDEAL[target], IDEAL[target] + 2, 20.0]
        for at in range(4)
        for target in ORIENTATIONS
    }
    study = trial_study(project, angles, name="Cultures", simulated=True)
    said = [target for _, target in angles for _ in range(3)]
    raters = {
        f"{culture} {one}": [
            ORIENTATIONS[(at + one) % 4] if at % (5 - two) == one else label
            for at, label in enumerate(said)
        ]
        for two, culture in enumerate(("inland", "coast"))
        for one in range(5)
    }
    raters["hills 1"] = [*said[:9], *[""] * (len(said) - 9)]
    judge_trials(study, raters | {"nobody's": said}, kind="simulated")
    for culture in ("inland", "coast", "hills"):
        study.raters.filter(pseudonym__startswith=culture).update(culture=culture)
    return study


STUDIES = [of_trials, of_words, of_order, of_numbers, of_vectors, of_cultures]
