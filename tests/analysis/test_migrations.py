"""Stored rows come through what a migration asks of them."""


def test_a_comparison_from_before_is_of_no_code_that_is_known(at):
    model = at("analysis", "0002_comparison")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    study = model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    made = [
        model("analysis", "Computation").objects.create(
            study=study, fingerprint=letter, choices="c", parameters={}, versions={}
        )
        for letter in "ab"
    ]
    old = model("analysis", "Comparison").objects.create(first=made[0], second=made[1])

    comparisons = at("analysis", "0003_comparison_code")("analysis", "Comparison").objects

    assert list(comparisons.values_list("pk", "code")) == [(old.pk, "")]
    comparisons.create(first_id=made[0].pk, second_id=made[1].pk, code="of now")


def test_a_report_under_way_stays_in_its_workers_hands(at):
    model = at("analysis", "0003_comparison_code")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    study = model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    held = {"state": "running", "lease_owner": "x" * 40, "attempts": 1}
    made = {"fingerprint": "f", "choices": "c", "parameters": {}, "versions": {}}
    model("analysis", "Computation").objects.create(study=study, **made, **held)

    computations = at("analysis", "0004_lease_owner_of_80")("analysis", "Computation").objects
    assert computations.values(*held).get() == held
