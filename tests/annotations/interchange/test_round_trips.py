"""What was judged leaves in the forms of other programs, and comes back from them as it was."""

import csv
import io
import json
from datetime import datetime
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command

from annotations.files.judgment_table import HEAD, judged_rows
from annotations.interchange.out.data_package import CROISSANT
from annotations.interchange.out.fields import FIELDS
from annotations.models import Judgment, Rater, Study
from tests.annotations.files.test_judgment_table import FURTHER, SCALES, make, rows_of

pytestmark = pytest.mark.django_db

OUT = {"parquet": "judged.parquet", "label-studio": "judged.json", "data-package": "package"}


def export(study, form, out, **options):
    said = io.StringIO()
    call_command("export_judgments", study=study.name, format=form, out=out, stdout=said, **options)
    return said.getvalue()


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("form", OUT)
def test_everything_that_was_judged_comes_back(cast, tmp_path, scale, form):
    study = make(cast, scale)
    questions, out = tmp_path / "q.json", tmp_path / OUT[form]
    said = export(study, form, out, questions=questions)
    file = out / "judgments.parquet" if form == "data-package" else out
    assert "Read again with: import_judgments" in said
    command = ["--scale", scale, *(["--categories", *study.categories] if study.categories else [])]
    options = ["--study", "again", "--project", "elsewhere", "--further", str(questions)]
    call_command("import_judgments", str(file), *command, *options, stdout=io.StringIO())
    again = Study.objects.get(name="again")
    assert again.further_questions == FURTHER
    assert [row | {"rater_kind": ""} for row in rows_of(again)] == [
        row | {"rater_kind": ""} for row in rows_of(study)
    ]
    assert Judgment.objects.counted().filter(item__study=again).count() == 4


def test_a_parquet_table_has_types_and_the_text_in_every_row(cast, tmp_path):
    from pyarrow import parquet

    export(make(cast), "parquet", tmp_path / "judged.parquet")
    table = parquet.read_table(tmp_path / "judged.parquet")
    types = {name: str(table.schema.field(name).type) for name in table.column_names}
    assert types["sent_at"] == "timestamp[us, tz=UTC]"
    assert (types["seconds"], types["confidence"], types["value"]) == ("double", "int64", "string")
    assert None not in table["text"].to_pylist()
    assert "=B" in table["value"].to_pylist()  # no apostrophe before it, as no cell is run here


def test_every_column_of_the_table_is_described(cast):
    described = {*FIELDS, *(f"answer.{question['key']}" for question in FURTHER)}
    assert set(HEAD) <= set(FIELDS)
    assert set(judged_rows(make(cast)).columns) <= described


def test_tasks_come_with_a_configuration_that_names_their_controls(cast, tmp_path):
    said = export(make(cast), "label-studio", tmp_path / "judged.json")
    configuration = (tmp_path / "judged.xml").read_text("utf-8")
    assert f"Beside it: {tmp_path / 'judged.xml'}" in said
    tasks = json.loads((tmp_path / "judged.json").read_text("utf-8"))
    controls = {
        one["from_name"]
        for task in tasks
        for annotation in task["annotations"]
        for one in annotation["result"]
    }
    assert len(tasks) == 6
    assert all(f'name="{name}"' in configuration for name in controls)
    assert '<Choice value="=B"' in configuration


def package_of(study, tmp_path, **options):
    export(study, "data-package", tmp_path / "package", **options)
    folder = tmp_path / "package"
    read = {name: json.loads((folder / name).read_text("utf-8")) for name in PARTS}
    return folder, read["datapackage.json"], read["croissant.json"]


PARTS = ("datapackage.json", "croissant.json")


def test_a_package_describes_the_columns_that_its_files_have(cast, tmp_path):
    folder, package, croissant = package_of(make(cast), tmp_path)
    sets = {one["name"]: one for one in croissant["recordSet"]}
    for resource in package["resources"]:
        path = folder / resource["path"]
        assert path.stat().st_size == resource["bytes"]
        if resource["format"] != "csv":
            continue
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert [one["name"] for one in resource["schema"]["fields"]] == header
        assert [one["name"] for one in sets[path.stem]["field"]] == header
    assert {one["sha256"] for one in croissant["distribution"]} == {
        one["hash"].removeprefix("sha256:") for one in package["resources"]
    }


def test_a_package_says_licence_collection_and_who_is_simulated(cast, tmp_path):
    _, package, croissant = package_of(make(cast), tmp_path, licence="CC-BY-4.0")
    assert package["licenses"] == [{"name": "CC-BY-4.0"}] and croissant["license"] == "CC-BY-4.0"
    assert "1 of the raters are SIMULATED" in package["description"]
    assert package["valuecheck"]["simulated_raters"] == 1
    demographics = " ".join(croissant["rai:annotatorDemographics"])
    assert "SIMULATED" in demographics and "ar (1), es (1), not said (1)" in demographics
    assert croissant["rai:machineAnnotationTools"]
    assert "Which one?" in croissant["rai:dataAnnotationProtocol"]


def test_a_package_of_simulated_raters_alone_says_that_no_person_judged(cast, tmp_path):
    study = make(cast)
    Rater.objects.filter(study=study).update(kind="simulated")
    folder, package, croissant = package_of(study, tmp_path)
    assert "ALL RATERS ARE SIMULATED" in package["description"]
    assert "licenses" not in package and "No licence was stated" in croissant["license"]
    with (folder / "raters.csv").open(encoding="utf-8", newline="") as file:
        raters = list(csv.DictReader(file))
    assert {one["kind"] for one in raters} == {"simulated"}


READS = {"sc:Text": str, "sc:Integer": int, "sc:Float": float}
READS["sc:DateTime"] = datetime.fromisoformat


def test_a_croissant_holds_what_programs_that_load_it_go_by(cast, tmp_path):
    """The facts by which the package mlcroissant says that a description is valid, and those that
    it needs to load every row."""
    folder, _, found = package_of(make(cast), tmp_path)
    assert (found["@type"], found["conformsTo"][0]) == ("sc:Dataset", CROISSANT)
    for name in ("name", "description", "license", "datePublished", "version", "creator"):
        assert found[name]
    prefixes = {key.partition(":")[0] for key in found if ":" in key}
    assert prefixes <= found["@context"].keys()
    files = {one["@id"]: one for one in found["distribution"]}
    ids = [*files, *(part["@id"] for one in found["recordSet"] for part in (one, *one["field"]))]
    assert len(set(ids)) == len(ids)
    for one in files.values():
        content = (folder / one["contentUrl"]).read_bytes()
        assert (one["@type"], one["sha256"]) == ("cr:FileObject", sha256(content).hexdigest())
        assert one["contentSize"] == f"{len(content)} B" and "/" in one["encodingFormat"]
    cells = 0
    for record_set in found["recordSet"]:
        assert record_set["@type"] == "cr:RecordSet"
        for field in record_set["field"]:
            assert (field["@type"], field["description"] != "") == ("cr:Field", True)
            assert field["@id"] == f"{record_set['@id']}/{field['name']}"
            source = files[field["source"]["fileObject"]["@id"]]
            with (folder / source["contentUrl"]).open(encoding="utf-8", newline="") as file:
                column = [row[field["source"]["extract"]["column"]] for row in csv.DictReader(file)]
            cells += len([READS[field["dataType"]](cell) for cell in column if cell])
    assert cells > 100


def test_a_package_of_raters_from_elsewhere_does_not_say_that_they_are_people(cast, tmp_path):
    study = make(cast)
    Rater.objects.filter(study=study, kind="person").update(kind="imported")
    _, package, croissant = package_of(study, tmp_path)
    words = "1 of the raters are SIMULATED: programs, no people. 2 of the raters judged elsewhere"
    assert words in package["description"] and words in croissant["rai:dataCollection"]
    assert "All raters are people" not in str(croissant)


def test_nothing_in_a_package_leads_to_a_person(cast, tmp_path):
    folder, _, _ = package_of(make(cast), tmp_path)
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.[cj]s*"))
    assert cast.rater.email not in text


def test_a_folder_is_not_written_over_and_nothing_is_left_half_written(cast, tmp_path):
    study = make(cast)
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "mine.txt").write_text("kept")
    with pytest.raises(CommandError, match="there is a folder of that name"):
        export(study, "data-package", tmp_path / "package")
    with pytest.raises(CommandError, match="cannot be written"):
        export(study, "parquet", tmp_path / "nowhere" / "judged.parquet")
    assert [path.name for path in tmp_path.rglob("*")] == ["package", "mine.txt"]


def test_a_form_that_is_no_text_asks_where_to(cast):
    study = make(cast)
    with pytest.raises(CommandError, match="--format parquet needs --out"):
        call_command("export_judgments", study=study.name, format="parquet")
