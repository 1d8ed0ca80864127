"""Every kind of question by keyboard, by drag and without scripts; pause, skip, report."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Assignment, Item, Judgment, ProblemReport, Study
from annotations.svo.questions import OPTION_CHOICES
from annotations.taking_part.parts import rater_for
from annotations.taking_part.stages import advance
from tests.annotations.conftest import make_text_study
from tests.e2e.conftest import overflow, progress, violations

FURTHER = [
    {
        "key": "values",
        "kind": "vector",
        "prompt": "Which values does it speak for?",
        "categories": ["power", "security"],
        "required": True,
    },
    {
        "key": "ring",
        "kind": "angle",
        "prompt": "Where on the ring do these choices lie?",
        "required": True,
    },
    {"kind": "reason", "prompt": "Why?", "required": False},
]


@pytest.fixture
def study(cast) -> Study:
    study = make_text_study(
        cast.project,
        6,
        kind="option",
        question="Which option did the model choose?",
        categories=list(OPTION_CHOICES),
        further_questions=FURTHER,
    )
    study.guidelines.create(version=1, instructions="Read **all** of it.", codebook="- A: first")
    advance(rater_for(study, cast.second_rater), "instructions")
    return study


MANY = [
    {"key": f"more_{number}", "kind": kind, "prompt": f"Question {number}?", **fields}
    for number, (kind, fields) in enumerate(
        [
            ("vector", {"categories": ["power", "security", "tradition"]}),
            ("ordinal", {"categories": ["cold", "warm", "hot"]}),
            ("nominal", {"categories": ["one", "two", "three"]}),
            ("interval", {}),
        ]
    )
]


@pytest.fixture
def long_form(open_as, cast) -> Page:
    """A form far longer than the window, on a desk, in Arabic."""
    study = make_text_study(cast.project, 2, further_questions=MANY)
    page = open_as("second_rater")
    page.set_extra_http_headers({"Accept-Language": "ar"})
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    return page


def answer(page: Page) -> None:
    for key in ("3", "-", "+", "a", "ArrowUp", "Enter"):
        page.keyboard.press(key)


def test_all_questions_are_answered_by_keys_alone(judging):
    answer(judging)
    progress(judging, 1)
    judgment = Judgment.objects.get()
    assert (judgment.label, judgment.answers["values"]) == ("C", "-1,1")
    assert judgment.answers["ring"] == 24  # one degree above the middle of the slider


def test_the_marked_question_is_the_one_that_keys_answer(judging):
    marked = judging.locator("[data-question][data-active]")
    expect(marked.locator("legend").first).to_contain_text("Which option")
    judging.keyboard.press("9")
    expect(marked.locator("legend").first).to_contain_text("power")
    judging.get_by_role("radio", name="B", exact=False).first.focus()
    judging.keyboard.press("2")
    expect(judging.locator("input[name=label][value=B]")).to_be_checked()


@pytest.mark.parametrize(
    ("keys", "degrees"),
    [
        (["ArrowUp"], "24"),
        (["ArrowUp", "ArrowLeft", "ArrowDown"], "22"),
        (["ArrowUp", "Shift+ArrowRight"], "29"),
        (["ArrowUp", "PageUp", "PageUp"], "34"),
        (["ArrowUp", "PageDown"], "19"),
    ],
)
def test_the_angle_moves_by_one_degree_and_by_five(judging, keys, degrees):
    slider = judging.get_by_role("slider")
    slider.focus()
    expect(slider).to_have_attribute("aria-valuetext", "not set yet")
    for key in keys:
        judging.keyboard.press(key)
    expect(judging.get_by_role("spinbutton", name="Degrees")).to_have_value(degrees)
    expect(slider).to_have_attribute("aria-valuetext", f"{degrees} degrees")


def test_the_angle_is_dragged_on_the_ring(judging):
    ring = judging.locator(".angle__svg")
    ring.scroll_into_view_if_needed()
    box = ring.bounding_box()
    scale = box["width"] / 400
    x, y = box["x"] + 28 * scale, box["y"] + 252 * scale  # the centre of the ring
    judging.mouse.move(x + 150 * scale, y)
    judging.mouse.down()
    judging.mouse.move(x + 150 * scale, y - 150 * scale, steps=4)
    judging.mouse.up()
    expect(judging.get_by_role("spinbutton", name="Degrees")).to_have_value("45")
    expect(judging.locator("[data-angle-hand]")).to_have_attribute("visibility", "visible")


def test_nothing_is_set_before_the_rater_sets_it(judging):
    expect(judging.get_by_role("spinbutton", name="Degrees")).to_have_value("")
    expect(judging.locator("[data-angle-hand]")).to_have_attribute("visibility", "hidden")


def test_a_draft_of_every_question_survives_a_reload(judging):
    for key in ("0", "0", "0"):
        judging.keyboard.press(key)
    judging.get_by_role("spinbutton", name="Degrees").fill("-10")
    judging.get_by_label("Why?").fill("half a thought")
    judging.reload()
    expect(judging.locator("input[name=label][value=none]")).to_be_checked()
    expect(judging.locator("input[name=q-values-1][value='0']")).to_be_checked()
    expect(judging.get_by_role("spinbutton", name="Degrees")).to_have_value("-10")
    expect(judging.locator("[data-angle-hand]")).to_have_attribute("visibility", "visible")
    expect(judging.get_by_label("Why?")).to_have_value("half a thought")


def test_what_could_not_be_sent_goes_out_when_the_connection_is_back(judging):
    judging.context.set_offline(True)
    answer(judging)
    expect(judging.get_by_text("Not sent: the connection was lost")).to_be_visible()
    assert not Judgment.objects.exists()
    judging.context.set_offline(False)
    progress(judging, 1)
    assert Judgment.objects.count() == 1


def test_a_pause_hides_the_item_and_counts_as_away(judging):
    judging.get_by_role("button", name="Pause").click()
    expect(judging.locator("#judging")).to_be_hidden()
    expect(judging.get_by_role("heading", name="Paused")).to_be_focused()
    judging.wait_for_timeout(600)
    judging.keyboard.press("3")  # keys reach nothing that is hidden
    expect(judging.locator("input[name=label]:checked")).to_have_count(0)
    judging.get_by_role("button", name="Go on").click()
    expect(judging.locator("#judging")).to_be_visible()
    answer(judging)
    progress(judging, 1)
    assert Judgment.objects.get().away_seconds >= 0.5


def test_an_item_is_skipped_by_keyboard(judging):
    held = Assignment.objects.get()
    judging.keyboard.press("s")
    reason = judging.get_by_label("Why", exact=True)
    reason.select_option("distressing")
    judging.get_by_role("button", name="Skip and go on").press("Enter")
    expect(judging.locator(f"input[name=assignment][value='{held.pk}']")).to_have_count(0)
    held.refresh_from_db()
    assert (held.state, held.skip_reason) == ("skipped", "distressing")
    assert Item.objects.get(pk=held.item_id).taken == 0


COVERED = """element => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return !seen || (seen.closest(".judge__bar") !== element.closest(".judge__bar"));
}"""
"""Whether the middle of an element is out of sight, or under the bar of the submit button."""


@pytest.mark.parametrize(("key", "field"), [("s", "#skip_reason"), ("p", "#problem")])
def test_what_a_key_folds_open_is_in_sight_and_ready_to_be_filled_in(long_form, key, field):
    long_form.keyboard.press(key)
    asked = long_form.locator(field)
    expect(asked).to_be_focused()
    assert not asked.evaluate(COVERED)


def test_nothing_that_has_focus_lies_under_the_bar(long_form):
    under, met = [], 0
    long_form.locator("input[name=label]").first.focus()
    focused = long_form.locator(".judge__side :focus")
    while focused.count():
        met += 1
        if focused.evaluate(COVERED):
            under.append(focused.evaluate("element => element.outerHTML"))
        long_form.keyboard.press("Tab")
    assert met > 8
    assert under == []


def test_ways_out_and_the_bar_never_overlap(long_form):
    gaps = long_form.evaluate(
        """() => {
            const [form, bar, ways] = [".judge__form", ".judge__bar", ".ways-out"].map(
                name => document.querySelector(name));
            const gaps = [];
            for (let at = 0; at <= form.scrollHeight - form.clientHeight; at += 20) {
                form.scrollTop = at;
                const above = bar.getBoundingClientRect(), below = ways.getBoundingClientRect();
                gaps.push(below.top - above.bottom);
            }
            return gaps;
        }"""
    )
    assert len(gaps) > 10
    assert min(gaps) >= 0


def test_a_problem_is_reported_and_what_was_filled_in_stays(judging):
    judging.keyboard.press("4")
    judging.keyboard.press("p")
    judging.get_by_label("What is wrong with this item?").fill("It stops in the middle.")
    judging.get_by_role("button", name="Report it").click()
    expect(judging.get_by_text("the problem is reported").first).to_be_attached()
    expect(judging.locator("input[name=label][value=D]")).to_be_checked()
    assert ProblemReport.objects.get().text == "It stops in the middle."


def test_a_field_drawn_larger_breaks_no_policy(judging):
    """Dragging its corner gives a field a style of its own, which must not be copied to the next
    item: the policy forbids it, and the browser's console says so (open_as fails on that)."""
    for field in judging.locator("form textarea, form input[maxlength]").all():
        field.evaluate("field => { field.style.height = '9rem'; }")
    judging.keyboard.press("4")
    judging.locator("input[name=q-values-0][value='1']").check()
    judging.locator("input[name=q-values-1][value='1']").check()
    judging.get_by_label("Degrees").fill("15")
    judging.get_by_role("button", name="Send").click()
    progress(judging, 1)
    assert judging.locator("#judging [style]").count() == 0


def test_instructions_and_codebook_are_at_hand(judging):
    judging.keyboard.press("i")
    expect(judging.locator("strong", has_text="all")).to_be_visible()
    judging.keyboard.press("c")
    expect(judging.get_by_text("A: first")).to_be_visible()


def test_every_question_works_without_scripts(browser, live_server, cast, study):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    session = cast.client("second_rater").cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": session.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    page.locator("input[name=label][value=several]").check()
    page.locator("input[name=q-values-0][value='1']").check()
    page.locator("input[name=q-values-1][value='-1']").check()
    page.get_by_label("Degrees").fill("61.5")
    page.get_by_role("button", name="Send").click()
    progress(page, 1)
    page.get_by_text("Skip this item").click()
    page.get_by_label("Why", exact=True).select_option("technical")
    page.get_by_role("button", name="Skip and go on").click()
    expect(page.get_by_text("Skipped.")).to_be_visible()
    context.close()
    judgment = Judgment.objects.get()
    assert (judgment.label, judgment.answers) == ("several", {"values": "1,-1", "ring": 61.5})


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_page_is_accessible_and_fits(open_as, study, size):
    page = open_as("second_rater", size)
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    for summary in page.locator("summary:visible").all():
        summary.click()
    assert violations(page) == []
    assert overflow(page) <= 0
