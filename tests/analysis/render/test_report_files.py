"""Figures, tables and the archive of a report."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile

import pytest
from django.db import connection
from django.urls import reverse
from markdown_it import MarkdownIt

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.render.archive.archive import archive
from analysis.render.csv import table_csv
from analysis.render.figures.rendering import CONTENT_TYPES, NoSuchFigure, drawings_of, figure
from analysis.render.latex import escaped
from analysis.render.sheets.every import sheets
from analysis.report.methods import REFERENCES, methods
from analysis.words.sheet import Figure, Sheet
from tests.analysis.studies import imported_study, judge_trials, trial_study

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)
ANGLES = {(f"m{at}", "prosocial"): [30.5, 40.0, None, 61.0, 0.0, 25.0] for at in (1, 2)}
SAID = ["prosocial", "prosocial", "unclear", "altruistic", "prosocial", "prosocial"] * 2
OTHER = [
    "prosocial",
    "individualistic",
    "unclear",
    "altruistic",
    "individualistic",
    "prosocial",
] * 2


@pytest.fixture
def trials(project):
    study = trial_study(project, ANGLES)
    judge_trials(study, {"anna": SAID, "bert": OTHER, "carl": SAID})
    return study


@pytest.fixture
def numbers(project):
    rows = [
        (f"i{at}", rater, str(10.0 * at + shift + (at * shift) % 3))
        for at in range(12)
        for shift, rater in enumerate("abc")
    ]
    metric = {f"i{at}": str(10.0 * at + 2 + at % 2) for at in range(12)}
    return imported_study(project, rows, scale="interval", automated={"metric": metric})


def test_confusion_matrix_is_drawn_in_every_format(trials):
    report = make_report(trials, QUICK)
    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "csv": b"consensus,automated,"}
    for suffix in CONTENT_TYPES:
        assert figure(report, "confusion", suffix).startswith(starts[suffix])


def test_figures_fit_the_scale(trials, numbers):
    assert {"confusion", "disagreement"} <= set(drawings_of(make_report(trials, QUICK).result))
    assert list(drawings_of(make_report(numbers, QUICK).result)) == ["bland-altman"]


def test_bland_altman_names_its_lines(numbers):
    image = figure(make_report(numbers, QUICK), "bland-altman", "svg").decode()
    assert "upper limit" in image
    assert "http://www.w3.org/2000/svg" in image
    assert "<script" not in image


def test_corrected_results_are_drawn_beside_the_metrics_own(project):
    study = trial_study(project, {("m", "prosocial"): [40.0, 10.0] * 10})
    said = ["prosocial", "individualistic", "prosocial", "prosocial", "", "individualistic"]
    judge_trials(study, dict.fromkeys("abc", said * 3))
    report = make_report(study, QUICK)
    row = next(r for r in report.result["corrected"][0]["rows"] if r["key"] == "prosocial")
    drawn = list(csv.DictReader(io.StringIO(figure(report, "corrected", "csv").decode())))
    assert drawn[1]["what"] == "Share prosocial"
    assert float(drawn[1]["corrected"]) == row["corrected"]["value"]
    assert float(drawn[1]["uncorrected"]) == row["uncorrected"] == 0.5
    image = figure(report, "corrected", "svg").decode()
    assert "corrected by the raters" in image


def test_names_of_models_are_drawn_to_their_end(project):
    names = [f"a-model-of-a-very-long-name-of-its-own-build-{at}" for at in (1, 2)]
    study = trial_study(project, {(name, "prosocial"): [40.0, 10.0] * 6 for name in names})
    judge_trials(study, {rater: ["prosocial", "individualistic"] * 12 for rater in "abc"})
    image = figure(make_report(study, QUICK), "forest", "svg").decode()
    assert all(name in image for name in names)


def test_dark_figure_has_other_colours(trials):
    report = make_report(trials, QUICK)
    light, dark = (figure(report, "disagreement", "svg", theme) for theme in ("light", "dark"))
    assert light != dark


@pytest.mark.parametrize(
    ("name", "suffix", "theme"),
    [
        ("forest-humans", "svg", "light"),
        ("confusion", "gif", "light"),
        ("confusion", "svg", "pink"),
    ],
)
def test_what_is_not_drawn_is_refused(trials, name, suffix, theme):
    with pytest.raises(NoSuchFigure):
        figure(make_report(trials, QUICK), name, suffix, theme)


def test_every_table_is_as_wide_as_its_head(trials, numbers):
    for study in (trials, numbers):
        found = sheets(make_report(study, QUICK).result)
        assert len({sheet.key for sheet in found}) == len(found)
        for sheet in found:
            assert {len(row) for row in sheet.rows} == {len(sheet.head)}, sheet.key


def test_reasons_stand_below_the_table_and_not_in_it():
    nothing = {"defined": False, "reason": "there is only one rater"}
    sheet = Sheet("k", "s", "T", ("A", "B"), [["x", nothing], ["y", nothing]])
    written = sheet.written()
    assert written.rows == [["x", "undefined (a)"], ["y", "undefined (a)"]]
    assert [str(note) for note in written.notes] == ["a: there is only one rater."]


def test_csv_holds_unrounded_numbers_and_reasons(trials):
    report = make_report(trials, QUICK)
    rows = list(csv.DictReader(io.StringIO(RENDERERS["csv"](report))))
    alpha = next(row for row in rows if row["row"].startswith("Krippendorff"))
    assert float(alpha["value"]) == report.result["humans"]["statistics"][0]["value"]
    assert all(row["value"] or row["reason"] or row["column"] for row in rows)


def test_csv_does_not_run_in_a_spreadsheet():
    sheet = Sheet("k", "s", "T", ("A", "B"), [["=1+1", Figure(-0.5)]])
    assert table_csv(sheet) == "A,B\n'=1+1,-0.5\n"


def test_latex_is_balanced_and_escaped(trials):
    text = RENDERERS["latex"](make_report(trials, QUICK))
    begun, ended = (sorted(re.findall(rf"\\{word}{{(\w+)}}", text)) for word in ("begin", "end"))
    assert begun == ended
    assert r"\toprule" in text
    assert escaped("50 % of a_b & <c>") == r"50 \% of a\_b \& \textless{}c\textgreater{}"


def test_words_of_users_mean_nothing_to_latex_and_markdown(project):
    said = ["*a* <b>", "[1] | _x_ $\\", "ä, 不"]
    rows = [(f"i{at}", rater, said[at % 3]) for at in range(12) for rater in "ab"]
    study = imported_study(project, rows, categories=said, name="# N *b*")
    study.question = "One?\r\n- two | <i>three</i>"
    study.save()
    report = make_report(study, QUICK)
    latex, markdown = RENDERERS["latex"](report), RENDERERS["markdown"](report)
    assert r"{*a* \textless{}b\textgreater{}} & " in latex
    assert r"{[1] \textbar{} \_x\_ \$\textbackslash{}} & " in latex
    assert "\r" not in latex + markdown
    assert "compile with LuaLaTeX" in latex.splitlines()[2]
    assert r"- Question: One? - two | \<i>three\</i>" in markdown
    assert r"| \*a\* \<b> |" in markdown
    assert markdown.startswith("# \\# N \\*b\\*: agreement report\n")


def test_long_words_are_broken_into_lines_and_long_tables_between_pages(project):
    rows = [(f"i{at % 20}", f"r{at}", "yes" if at % 3 else "no") for at in range(60)]
    text = RENDERERS["latex"](make_report(imported_study(project, rows), QUICK))
    grras = text[text.index("tab:grras") :]
    assert re.search(r"begin{tabular}{lp{0\.\d+\\linewidth}lp{0\.\d+\\linewidth}}", grras)
    raters = text[text.index(r"\begin{longtable}") :]
    assert raters.index(r"\endfirsthead") < raters.index(r"\endhead") < raters.index("r59")
    assert text.count(r"\label{tab:raters}") == 1
    assert r"% \usepackage{longtable}" in text


def test_methods_name_only_what_was_computed(trials, numbers):
    of_labels = methods(make_report(trials, QUICK).result)
    assert REFERENCES["alpha"] in of_labels["references"]
    assert REFERENCES["latent"] in of_labels["references"]
    assert REFERENCES["ppi"] not in of_labels["references"]
    of_numbers = methods(make_report(numbers, QUICK).result)
    assert REFERENCES["bland_altman"] in of_numbers["references"]
    assert REFERENCES["latent"] not in of_numbers["references"]
    assert "3 raters (36 judgments)" in of_labels["paragraph"]


def test_methods_say_what_was_left_out_and_how_intervals_were_made(trials):
    chosen = Parameters(replicates=200, exclude_raters=("carl",), models=("m1",))
    said = methods(make_report(trials, chosen).result)["paragraph"]
    assert "Only model m1. Without carl." in said
    assert "Left out were 6 judgments with 1 rater." in said
    assert "Items are what was sampled: intervals are by percentile bootstrap over items;" in said
    assert "t over items with linearised variance" in said
    assert "Gwet's AC1, percent agreement, Fleiss' kappa" in said
    assert "on the 3 items to which both gave a value; the raters came to none on 2" in said


def test_methods_speak_of_models_where_they_were_sampled(project):
    study = trial_study(project, {(f"m{at}", "prosocial"): [40.0, 10.0] * 3 for at in range(4)})
    judge_trials(study, {rater: ["prosocial", "individualistic"] * 12 for rater in "abc"})
    said = methods(make_report(study, QUICK).result)["paragraph"]
    assert "The 4 models are what was sampled: intervals" in said
    assert "Items are what was sampled" not in said


def test_archive_is_the_same_bytes_again(trials):
    report = make_report(trials, QUICK)
    content = archive(report)
    assert archive(report) == content
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {"data/data_set.json", "report.tex", "recompute.py", "figures/confusion.svg"} <= set(
        names
    )


@pytest.fixture
def vectors(project):
    said = ["1,0,-1", "0,1,1", "1,1,0", "-1,0,1", "0,-1,0"]
    rows = [
        (f"i{at}", rater, said[(at + (at % 3 == place)) % 5])
        for at in range(20)
        for place, rater in enumerate("abc")
    ]
    names = ["self", "all", "power"]
    return imported_study(project, rows, scale="vector", categories=names, name="Vectors")


COMPUTED_AGAIN = {
    "trials": ["Krippendorff's alpha", "agreement with the consensus", "Gwet's AC1", "MDC95"],
    "numbers": ["ICC(A,1)", "ICC(A,1), limits", "bias, limits", "pearson, limits", "ceiling"],
    "ordinal": ["Krippendorff's alpha, limits", "kappa", "agreement gap, limits"],
    "vectors": ["Krippendorff's alpha"],
}


@pytest.mark.parametrize("fixture", COMPUTED_AGAIN)
def test_the_script_in_the_archive_finds_the_same_numbers(request, project, tmp_path, fixture):
    if fixture == "ordinal":
        rows = [
            (f"i{at}", rater, str(1 + (at + (at % 4) * shift) % 4))
            for at in range(20)
            for shift, rater in enumerate("abcd")
        ]
        metric = {f"i{at}": str(1 + at % 4) for at in range(20)}
        study = imported_study(
            project, rows, scale="ordinal", categories=list("1234"), automated={"metric": metric}
        )
    else:
        study = request.getfixturevalue(fixture)
    _unpack(make_report(study, QUICK), tmp_path)
    done = subprocess.run(
        [sys.executable, tmp_path / "recompute.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for words in COMPUTED_AGAIN[fixture]:
        assert any(words in line for line in lines_of(done.stdout, "ok")), words


def test_the_script_takes_two_items_by_two_raters():
    """pingouin refuses fewer than five values: mean squares 9, 1 and 0 make .9."""
    import pandas as pd

    from analysis.render.archive.recompute import icc

    rows = [("1", "a", 1.0), ("1", "b", 2.0), ("2", "a", 4.0), ("2", "b", 5.0)]
    assert icc(pd.DataFrame(rows, columns=["item", "rater", "value"])) == pytest.approx(0.9)


def lines_of(printed, mark):
    return [line for line in printed.splitlines() if line.startswith(mark)]


def computed_again(folder):
    return subprocess.run(
        [sys.executable, folder / "recompute.py"], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("raters", ["abc", "ab"])
def test_the_script_finds_what_the_words_quote_of_several_metrics(project, tmp_path, raters):
    truth = ["yes", "no"] * 25
    rows = [
        (f"i{at}", rater, "no" if rater == "b" and at % 9 == 0 else x)
        for at, x in enumerate(truth)
        for rater in raters
    ]
    metrics = {
        f"m{one}": {f"i{at}": "yes" if at % one == 0 else x for at, x in enumerate(truth)}
        for one in (2, 3, 11)
    }
    study = imported_study(project, rows, categories=["yes", "no"], automated=metrics)
    report = make_report(study, QUICK)
    _unpack(report, tmp_path)
    done = computed_again(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("winning rate omega", "agreement gap", "agreement gap, limits", "recall of yes"):
        assert len([line for line in lines_of(done.stdout, "ok") if f": {words}" in line]) >= 3
    rates = [part["substitute"]["rates"][0] for part in report.result["automated"]]
    assert all(rate["defined"] is (raters == "abc") for rate in rates)


@pytest.mark.parametrize("part", ["omega", "gap limit", "recall limit", "AC1"])
def test_the_script_notices_a_changed_word(project, tmp_path, part):
    truth = ["yes", "no"] * 25
    rows = [
        (f"i{at}", rater, "no" if rater == "b" and at % 9 == 0 else x)
        for at, x in enumerate(truth)
        for rater in "abc"
    ]
    metric = {f"i{at}": "yes" if at % 11 == 0 else x for at, x in enumerate(truth)}
    study = imported_study(project, rows, categories=["yes", "no"], automated={"m": metric})
    _unpack(make_report(study, QUICK), tmp_path)
    path = tmp_path / "report.json"
    document = json.loads(path.read_text())
    section = document["automated"][0]
    if part == "omega":
        section["substitute"]["rates"][0]["value"] -= 1 / 3
    elif part == "gap limit":
        section["substitute"]["gap"]["interval"]["low"] -= 0.1
    elif part == "recall limit":
        section["classes"][1]["recall"]["interval"]["low"] += 1e-6
    else:
        row = next(row for row in section["decided"]["statistics"] if row["key"] == "gwet_ac")
        row["value"] += 1e-6
    path.write_text(json.dumps(document))
    done = computed_again(tmp_path)
    assert done.returncode == 1
    (failed,) = lines_of(done.stdout, "FAIL")
    assert part.split()[0] in failed


DEGENERATE = {
    "one judgment": [("i", "a", "3")],
    "one item": [("i", rater, str(at)) for at, rater in enumerate("abcde")],
    "one rater": [(f"i{at}", "a", str(at)) for at in range(9)],
    "one value": [(f"i{at}", rater, "5") for at in range(9) for rater in "abc"],
    "two groups": [
        (f"i{at}", rater, str(at + len(raters)))
        for at, raters in enumerate(["abc", "abc", "def", "def"])
        for rater in raters
    ],
    "far from zero": [
        (f"i{at}", rater, str(1e9 + at / 1e3 + place / 1e4))
        for at in range(9)
        for place, rater in enumerate("abc")
    ],
}


@pytest.mark.parametrize("rows", DEGENERATE.values(), ids=DEGENERATE)
def test_the_script_finds_undefined_what_the_report_does(project, tmp_path, rows):
    _unpack(make_report(imported_study(project, rows, scale="interval"), QUICK), tmp_path)
    done = subprocess.run(
        [sys.executable, tmp_path / "recompute.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_script_reads_words_that_a_spreadsheet_would_run(project, tmp_path):
    said = ["-1", "=0", "'+1", "@2"]
    rows = [
        (f"i{at}", rater, said[(at + (at % 3 == place)) % 4])
        for at in range(20)
        for place, rater in enumerate(["-a", "=b", "'c"])
    ]
    metric = {f"i{at}": said[(at + (at % 5 == 0)) % 4] for at in range(20)}
    study = imported_study(
        project, rows, scale="ordinal", categories=said, automated={"=metric": metric}
    )
    _unpack(make_report(study, QUICK), tmp_path)
    done = subprocess.run(
        [sys.executable, tmp_path / "recompute.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not lines_of(done.stdout, "FAIL")


def test_the_script_notices_a_changed_number(trials, tmp_path):
    _unpack(make_report(trials, QUICK), tmp_path)
    path = tmp_path / "report.json"
    document = json.loads(path.read_text())
    document["humans"]["statistics"][0]["value"] += 0.001
    path.write_text(json.dumps(document))
    done = subprocess.run(
        [sys.executable, tmp_path / "recompute.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "FAIL Krippendorff's alpha" in done.stdout


def _unpack(report, folder):
    with zipfile.ZipFile(io.BytesIO(archive(report))) as bundle:
        bundle.extractall(folder)


def _address(study, name, *more):
    return reverse(name, args=[study.project.slug, study.slug, *more])


@pytest.fixture
def study(cast):
    made = trial_study(cast.project, ANGLES)
    judge_trials(made, {"anna": SAID, "bert": OTHER, "carl": SAID})
    return made


def test_page_shows_figures_with_text_and_both_appearances(cast, study):
    body = cast.client("researcher").get(_address(study, "report")).content.decode()
    address = _address(study, "report_figure", "disagreement", "svg")
    assert f'<img src="{address}?theme=light" alt="Grid:' in body
    assert f'srcset="{address}?theme=dark"' in body
    assert "style=" not in body


@pytest.mark.parametrize(
    ("who", "status"),
    [("nobody", 302), ("stranger", 404), ("rater", 403), ("researcher", 200), ("reviewer", 200)],
)
def test_who_may_take_figures_and_archive(cast, study, who, status):
    client = cast.client(who)
    figure_address = _address(study, "report_figure", "confusion", "svg")
    assert client.get(figure_address).status_code == status
    assert client.get(_address(study, "report_archive")).status_code == status


def test_figure_is_an_image_and_an_unknown_one_is_404(cast, study):
    client = cast.client("researcher")
    image = client.get(_address(study, "report_figure", "confusion", "svg"))
    assert image["Content-Type"] == "image/svg+xml"
    assert client.get(_address(study, "report_figure", "nothing", "svg")).status_code == 404


def test_filter_exchanges_the_report_alone(cast, study):
    query = {"exclude": "bert"}
    client = cast.client("researcher")
    response = client.get(_address(study, "report"), query, headers={"HX-Request": "true"})
    body = response.content.decode()
    assert "<html" not in body
    assert "?exclude=bert" in body
    assert response.context["result"]["overview"]["counts"]["raters"] == 2
    assert "HX-Request" in response["Vary"]


def test_filter_without_simulated_raters(cast):
    made = trial_study(cast.project, ANGLES)
    judge_trials(made, {"anna": SAID, "bert": SAID})
    judge_trials(made, {"robot": OTHER}, kind="simulated")
    response = cast.client("researcher").get(_address(made, "report"), {"kind": "person"})
    assert response.context["result"]["overview"]["counts"]["raters"] == 2


def test_number_of_a_filtered_report_opens_as_many_items_as_it_counts(cast, study):
    client = cast.client("researcher")
    response = client.get(_address(study, "report"), {"exclude": "bert"})
    (matrix,) = response.context["metrics"][0]["tables"]["matrix"]
    cell = next(cell for row in matrix.rows for cell in row if cell.href)
    assert "exclude=bert" in cell.href
    assert str(client.get(cell.href).context["count"]) == str(cell.said)


def test_filter_for_what_is_not_there_is_a_page_that_says_so(cast, study):
    response = cast.client("researcher").get(_address(study, "report"), {"exclude": "zoe"})
    assert response.status_code == 400
    assert "The study has no rater zoe" in response.content.decode()


def test_changed_data_set_is_a_page_that_says_so(cast, study):
    client = cast.client("researcher")
    client.get(_address(study, "report_archive"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE analysis_dataset SET content = %s", [b"nonsense"])
    response = client.get(_address(study, "report_archive"))
    assert response.status_code == 409
    assert "it was changed after it was frozen" in response.content.decode()


HOSTILE = "m\x1b[31m\u202e[x](y)\\<b>z</b>"
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def test_no_name_hides_anything_in_a_file_to_read(project):
    words = [f"kind{HOSTILE}", f"fair{HOSTILE}"]
    rows = [(f"i{at}", rater, words[at % 2]) for at in range(12) for rater in ("a", f"b{HOSTILE}")]
    metric = {f"i{at}": words[at % 3 == 0] for at in range(12)}
    study = imported_study(
        project, rows, categories=words, automated={HOSTILE: metric}, name=f"Study {HOSTILE}"
    )
    with zipfile.ZipFile(io.BytesIO(archive(make_report(study, QUICK)))) as files:
        texts = {
            name: files.read(name).decode()
            for name in files.namelist()
            if name.endswith((".md", ".tex", ".txt", ".csv", ".svg"))
        }
    assert len(texts) > 20
    assert [name for name, text in texts.items() if UNSEEN.search(text)] == []
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(texts["report.md"])
    assert "<b>" not in html and "<a " not in html
