"""What each door for files understands, leaves out on request, and makes."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent
from annotations.models import AutomatedLabel, Judgment, Study, Upload
from evaluations.background.happened import happened
from evaluations.definitions.catalogue import instrument
from evaluations.models import Run, Trial
from tests.annotations.conftest import make_text_study
from tests.annotations.studies.test_uploads import (
    act,
    file_of,
    send,
    send_judgments,
    send_trials,
    text,
)

pytestmark = pytest.mark.django_db

HEAD = b"item,rater,value\n"
DIALOGUE = {"id": "q1", "prompt": "Should I tell her?", "answer": "Be honest.", "model": "m"}


@pytest.fixture
def client(cast):
    return cast.client("researcher")


def csv_file(content):
    return SimpleUploadedFile("beside.csv", content)


def found():
    return Upload.objects.first().found


def reasons_of(client):
    content, name = file_of(client, "reasons")
    assert ".reasons.csv" in name
    return list(csv.DictReader(io.StringIO(content.decode())))


# --- what is left out -----------------------------------------------------------------------------


BAD = HEAD + b"i1,anna,yes\ni1,bert,maybe\ni2,,no\ni1,anna,no\ni2,bert,no\n"


def test_every_rejected_row_is_told_with_column_reason_and_row(client):
    page = text(send_judgments(client, BAD))
    assert "cannot be imported as it is" in page
    assert [(row["line"], row["column"], row["row"]) for row in reasons_of(client)] == [
        ("3", "value", "i1,bert,maybe"),
        ("4", "rater", "i2,,no"),
        ("5", "", "i1,anna,no"),
    ]
    assert "is none of: yes, no" in reasons_of(client)[0]["reason"]


def test_rejected_rows_can_be_mended_and_sent_again_under_their_header(client):
    send_judgments(client, BAD)
    content, name = file_of(client, "rejects")
    assert content == HEAD + b"i1,bert,maybe\ni2,,no\ni1,anna,no\n"
    assert 'filename="made.rejects.csv"' in name


def test_the_good_rows_go_in_on_request(client):
    page = text(send_judgments(client, BAD, partial="on"))
    assert "2 judgments of 2 items by 2 raters; 3 problems left out" in page
    act(client)
    said = Judgment.objects.values_list("item__external_id", "rater__pseudonym", "label")
    assert sorted(said) == [("i1", "anna", "yes"), ("i2", "bert", "no")]
    assert len(reasons_of(client)) == 3


def test_what_hangs_on_a_rejected_row_is_rejected_with_it(client):
    table = b"item,rater,value,stage\ni1,anna,yes,\ni2,anna,maybe,\ni2,anna,yes,repeat\n"
    send_judgments(client, table, partial="on")
    assert [row["line"] for row in reasons_of(client)] == ["3", "4"]
    assert found()["would"].startswith("A closed study Made: 1 judgment of 1 item")


def test_rows_over_several_lines_are_left_out_whole(client):
    table = b'item,rater,value,text\ni1,anna,maybe,"a\nb"\ni2,anna,yes,"c\nd"\n'
    send_judgments(client, table, partial="on")
    act(client)
    assert Study.objects.get().items.get().text == "c\nd"


@pytest.mark.parametrize("content", [HEAD + b"i1,anna,maybe\n", b"item,rater\ni1,anna\n"])
def test_where_no_row_is_good_nothing_goes_in(client, content):
    page = text(send_judgments(client, content, partial="on"))
    assert 'name="import"' not in page
    act(client)
    assert not Study.objects.exists()


def test_a_row_that_a_spreadsheet_would_run_is_marked_in_the_reasons(client):
    send_judgments(client, HEAD + b"=1+1,anna,maybe\n")
    assert reasons_of(client)[0]["row"] == "'=1+1,anna,maybe"


def test_rows_of_another_program_go_by_their_places(client):
    def task(number, choice):
        value = {"from_name": "said", "to_name": "t", "type": "choices"}
        result = [value | {"value": {"choices": [choice]}}]
        said = [{"id": number, "completed_by": 7, "result": result}]
        return {"id": number, "data": {"text": "An answer"}, "annotations": said}

    content = json.dumps([task(1, "yes"), task(2, "maybe")]).encode()
    send_judgments(client, content, "export.json", partial="on")
    assert found()["would"].startswith("A closed study Made: 1 judgment of 1 item by 1 rater")
    assert "task 2" in reasons_of(client)[0]["reason"]


def test_rejected_trials_have_their_reasons_too(client):
    send_trials(client, b'{"model": "m"}\n')
    (row,) = reasons_of(client)
    assert (row["line"], row["row"]) == ("1", '{"model": "m"}')
    assert "target_value" in row["reason"] or row["reason"]


# --- every option of an import --------------------------------------------------------------------


def test_automated_labels_come_in_beside_the_judgments(client):
    labels = csv_file(b"item,scorer,value\ni1,guess,yes\ni2,guess,n/a\n")
    content = HEAD + b"i1,anna,yes\ni2,anna,no\n"
    page = text(send_judgments(client, content, beside=labels, unscorable="n/a"))
    assert "2 automated labels" in page
    act(client)
    assert Study.objects.get().metric_name == "guess"
    assert AutomatedLabel.objects.filter(label="yes").count() == 1


def test_wrong_automated_labels_are_named_as_such(client):
    labels = csv_file(b"item,scorer,value\ni1,guess,perhaps\n")
    send_judgments(client, HEAD + b"i1,anna,yes\n", beside=labels, partial="on")
    assert found()["problems"][0].startswith("Automated labels: line 2")
    assert not found()["would"]


def test_properties_ranges_and_further_questions_are_those_of_the_command(client):
    further = [{"key": "sure", "kind": "nominal", "prompt": "Sure?", "categories": ["so", "not"]}]
    table = b"item,rater,value,topic,answer.sure\ni1,anna,3,war,so\n"
    page = text(
        send_judgments(
            client,
            table,
            scale="interval",
            categories="",
            properties="topic",
            further=SimpleUploadedFile("further.json", json.dumps(further).encode()),
            beside=csv_file(b"item,scorer,value\ni1,a guess,30\n"),
            rater_range="0 10",
            metric_ranges="a guess 0 100",
        )
    )
    assert "A closed study Made" in page, page
    act(client)
    study = Study.objects.get()
    assert study.properties == ["topic"]
    assert study.ranges == {"raters": [0, 10], "metrics": {"a guess": [0, 100]}}
    assert Judgment.objects.get().answers == {"sure": "so"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rater_range": "10 0"}, "lower and its upper end"),
        ({"metric_ranges": "m 0"}, "lower and its upper end"),
        ({"rater_range": "0 10"}, "ranges are for numbers"),
        ({"properties": "item"}, "is no property"),
        ({"ways_out": "perhaps"}, "is none of: yes, no"),
    ],
)
def test_an_option_that_cannot_be_is_told_beside_its_field(client, fields, words):
    scale = (
        {}
        if "numbers" in words or "range" not in next(iter(fields))
        else {
            "scale": "interval",
            "categories": "",
        }
    )
    answer = send_judgments(client, HEAD + b"i1,anna,yes\n", **scale, **fields)
    assert answer.status_code == 422
    assert words in text(answer)


def test_further_questions_that_are_none_are_told(client):
    for content in (b"{}", b"nothing", b'[{"kind": "nominal"}]', b"[1]"):
        further = SimpleUploadedFile("further.json", content)
        answer = send_judgments(client, HEAD + b"i1,anna,yes\n", further=further)
        assert answer.status_code == 422, content
        assert "holds no further questions" in text(answer), content


def test_a_value_outside_a_declared_range_is_told_of_the_file(client):
    options = {"scale": "interval", "categories": "", "rater_range": "0 10"}
    send_judgments(client, HEAD + b"i1,anna,11\n", **options)
    assert "outside the declared range" in found()["problems"][0]


def test_a_taken_name_is_told_at_the_form(client, cast):
    Study.objects.create(project=cast.project, name="Made", slug="made")
    assert send_judgments(client, HEAD + b"i1,anna,yes\n").status_code == 422


def test_a_study_that_an_import_completes_is_told_of(client, cast):
    told = []

    def hear(kind, data, **_):
        told.append((kind, data["study"]["slug"]))

    happened.connect(hear)
    try:
        send_judgments(client, HEAD + b"i1,anna,yes\n")
        assert told == []
        act(client)
    finally:
        happened.disconnect(hear)
    assert ("study.complete", "made") in told
    assert AuditEvent.objects.filter(verb="study complete").count() == 1


# --- texts ----------------------------------------------------------------------------------------


def send_texts(client, content, **fields):
    given = {"study": "Texts", "overlap": 2, "kind": "orientation"} | fields
    return send(client, "texts", content, "texts.csv", **given)


def test_texts_become_a_study_in_draft(client, cast):
    page = text(send_texts(client, b"id,text,topic\na,One,war\nb,Two,art\n", properties="topic"))
    assert "A study Texts in draft: 2 texts, each judged by 2 raters" in page
    assert not Study.objects.exists()
    page = act(client)
    study = Study.objects.get()
    assert page.redirect_chain[-1][0] == study.get_absolute_url()
    assert (study.state, study.overlap, study.created_by) == ("draft", 2, cast.researcher)
    assert list(study.items.values_list("text", "properties__topic")) == [
        ("One", "war"),
        ("Two", "art"),
    ]


def test_texts_are_asked_about_on_a_scale_of_ones_own(client):
    fields = {"kind": "declared", "scale": "nominal", "categories": "kind\nrude\nunclear"}
    send_texts(client, b"id,text\na,One\n", question="Is it kind?", ways_out="unclear", **fields)
    act(client)
    study = Study.objects.get()
    assert (study.question, study.categories) == ("Is it kind?", ["kind", "rude", "unclear"])


def test_a_scale_without_its_answers_is_told_before_anything_is_stored(client):
    send_texts(client, b"id,text\na,One\n", kind="declared", scale="nominal")
    assert found()["problems"]
    assert not found()["would"]


def test_good_texts_go_in_without_the_others(client):
    send_texts(client, b"id,text\na,One\nb,\na,Again\n", partial="on")
    assert [row["line"] for row in reasons_of(client)] == ["3", "4"]
    act(client)
    assert Study.objects.get().items.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,text,language\na,One,en\nb,Zwei,de\n", "a study has one language"),
        (b"id\na\n", "the header lacks text"),
        (b"id,text\n", "holds no text"),
    ],
)
def test_texts_that_are_no_study_are_told_why(client, content, words):
    send_texts(client, content)
    assert words in found()["problems"][0]
    assert not found()["would"]


# --- control items --------------------------------------------------------------------------------


@pytest.fixture
def study(cast):
    return make_text_study(cast.project, 1, state="draft", unit="text")


def send_controls(client, study, content, **fields):
    return send(client, "controls", content, "controls.csv", study=study.slug, **fields)


CONTROLS = b"kind,text,expected,feedback\ngold,x,prosocial,\nattention,y,unclear|refusal,Read.\n"


def test_control_items_go_into_the_study_they_are_for(client, study):
    page = text(send_controls(client, study, CONTROLS))
    assert f"Into the study {study.name}: 1 gold, 1 attention" in page
    assert study.items.count() == 1
    page = act(client)
    assert page.redirect_chain[-1][0] == reverse("study_controls", args=["lab", study.slug])
    assert study.items.count() == 3


def test_control_items_are_all_taken_or_none(client, study):
    send_controls(client, study, CONTROLS + b"silver,z,prosocial,\n")
    assert found()["problems"] == [
        "line 4: the kind 'silver' is none of: practice, qualification, gold, attention"
    ]
    act(client)
    assert study.items.count() == 1


def test_good_control_items_go_in_without_those_the_study_cannot_show(client, study):
    table = b"kind,text,trial,expected\ngold,x,,prosocial\ngold,,7,prosocial\n"
    send_controls(client, study, table, partial="on")
    assert "about texts" in reasons_of(client)[0]["reason"]
    act(client)
    assert study.items.count() == 2


def test_the_page_of_control_items_leads_to_their_door(client, study):
    page = text(client.get(reverse("study_controls", args=["lab", study.slug])))
    address = reverse("upload_new", args=["lab", "controls"])
    assert f'href="{address}?study={study.slug}"' in page
    form = text(client.get(f"{address}?study={study.slug}"))
    assert f'<option value="{study.slug}" selected>' in form


def test_a_closed_study_takes_no_file_of_control_items(client, cast):
    closed = make_text_study(cast.project, 1, state="closed")
    assert send_controls(client, closed, CONTROLS).status_code == 422


def test_a_study_closed_meanwhile_is_told_of(client, study):
    send_controls(client, study, CONTROLS)
    Study.objects.update(state="closed")
    page = text(act(client))
    assert "was not imported" in page
    assert "takes no control items any more" in found()["problems"][0]


# --- dialogues ------------------------------------------------------------------------------------


def send_dialogues(client, lines, **fields):
    content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    given = {"run": "Talk", "instrument": instrument("dialogues").pk, "labels_as": ""} | fields
    return send(client, "dialogues", content, "talk.jsonl", **given)


def test_dialogues_become_a_run_and_their_labels_a_study(client, cast):
    labelled = DIALOGUE | {"value_types": ["benevolence: +1"]}
    page = text(send_dialogues(client, [labelled], labels_as="anna"))
    assert "1 dialogue added to the run Talk" in page
    assert "1 label kept as the judgments of anna" in page
    assert not Run.objects.exists()
    page = act(client)
    study = Study.objects.get()
    assert page.redirect_chain[-1][0] == study.get_absolute_url()
    assert (Run.objects.get().name, Judgment.objects.get().rater.pseudonym) == ("Talk", "anna")


def test_labels_are_not_kept_unless_asked_for(client):
    page = text(send_dialogues(client, [DIALOGUE | {"value_types": ["benevolence: +1"]}]))
    assert "the labels of 1 are not kept" in page
    act(client)
    assert Trial.objects.count() == 1
    assert not Study.objects.exists()


def test_a_rater_without_labels_is_refused(client):
    send_dialogues(client, [DIALOGUE], labels_as="anna")
    assert "No line of the file carries a label" in found()["problems"][0]
    assert not found()["would"]


def test_a_label_that_cannot_be_read_is_told(client):
    send_dialogues(client, [DIALOGUE | {"value_types": ["humility: +1"]}])
    assert any("humility" in note for note in found()["notes"])


def test_good_dialogues_go_in_without_the_others(client):
    send_dialogues(client, [DIALOGUE, {"prompt": ""}], partial="on")
    assert [row["line"] for row in reasons_of(client)] == ["2"]
    act(client)
    assert Trial.objects.count() == 1


# --- where one begins -----------------------------------------------------------------------------


def test_an_empty_project_says_where_to_bring_data(client, cast):
    page = text(client.get(cast.project.get_absolute_url()))
    assert "Bring your own data" in page
    assert f'href="{reverse("uploads", args=["lab"])}"' in page


def test_the_doors_and_ones_own_files_are_listed(client):
    send_judgments(client, HEAD + b"i1,anna,yes\n")
    page = text(client.get(reverse("uploads", args=["lab"])))
    for what in ("trials", "dialogues", "judgments", "texts", "controls"):
        assert reverse("upload_new", args=["lab", what]) in page
    assert Upload.objects.get().get_absolute_url() in page
    assert "waits for you" in page
