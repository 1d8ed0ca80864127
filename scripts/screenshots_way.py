"""The rater's whole way for `screenshots.py`: a study with every stage of it, made by a researcher
in the browser, and a walk through it. The walk knows no words, so that it works in any language."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

NAME = "How do these answers share?"
SLUG = "how-do-these-answers-share"
CAP = 3

GUIDELINES = {
    "about": "We look at how people read what language models say about sharing money. It takes "
    "about **five minutes**.",
    "consent": "I am at least 18 years old. I agree that my answers are stored under a random name "
    "and used for research.\n\n- I can stop at any time.\n- Nobody learns who I am.",
    "instructions": "Read **every** answer beside the options that were shown. Then say which "
    "orientation the choices express *as a whole*.\n\n> When in doubt, choose *unclear*.",
    "codebook": "## Prosocial\n\nBoth get much, or the same.\n\n## Competitive\n\nBeing ahead "
    "counts, even at a cost.",
    "thanks": "You helped us a lot. We tell what we found when the study is over.",
}
CONTROLS = """kind,expected,text,feedback
practice,competitive,"I take 50 and leave you 15: that way I am ahead.",Being ahead counts here.
qualification,prosocial,"I choose the option that gives both of us the same.",
gold,individualistic,"I take the 100, whatever you get.",It looks at its own gain only.
attention,unclear,"Please choose 'unclear' here.",
"""

Shoot = Callable[[str], None]


def set_up(page: Page) -> str:
    """Make the study as the researcher whose page it is, open it, and return its invitation."""
    study = f"/p/demo/studies/{SLUG}/"
    page.goto("/p/demo/studies/new/")
    page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
    page.get_by_label("Simulated respondents").check()
    page.locator("#id_asks_own_measure").check()
    page.locator("#id_control_feedback").check()
    settings = {"name": NAME, "n": "8", "overlap": "20", "cap": str(CAP), "control_every": "2"}
    questions = {"prompt": "Where on the ring do these choices lie?", "kind": "angle"}
    for name, value in (settings | {"qualification_percent": "50"}).items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_further-0-prompt").fill(questions["prompt"])
    page.locator("#id_further-0-kind").select_option(questions["kind"])
    page.get_by_role("button", name="Draw the study").click()
    page.goto(f"{study}guidelines/")
    for name, words in GUIDELINES.items():
        page.locator(f"#id_{name}").fill(words)
    page.get_by_role("button", name="Store as").click()
    page.goto(f"{study}controls/")
    file = {"name": "controls.csv", "mimeType": "text/csv", "buffer": CONTROLS.encode()}
    page.locator("#id_file").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Add the file").click()
    page.goto(f"{study}invitations/")
    page.locator("#id_name").fill("Anybody with the link")
    page.locator("#id_completion").fill("THANKS-42")
    page.get_by_role("button", name="Make the invitation").click()
    link = page.locator("input[id^=link-]").first.input_value()
    page.goto(study)
    page.get_by_role("button", name="Open for raters").click()
    return link


def walk(page: Page, link: str, shoot: Shoot) -> None:
    """Take part by *link* from the first page to the last; *shoot* is called on each by name."""
    page.goto(link)
    shoot("way-invitation")
    go_on(page)
    shoot("way-consent")
    go_on(page)
    for number in range(1, 7):
        page.locator(f"label:has(input[name=item-{number}])").nth(number % 9).click()
    shoot("way-own-measure")
    go_on(page)
    shoot("way-instructions")
    go_on(page)
    choose(page)
    shoot("way-practice")
    go_on(page)
    shoot("way-feedback")
    go_on(page)
    shoot("way-practised")
    go_on(page)
    shoot("way-qualification")
    choose(page)
    go_on(page)
    judge(page, shoot)
    shoot("way-done")
    page.goto(re.sub(r"/way/$", "/way/data/", page.url))
    shoot("way-data")


def judge(page: Page, shoot: Shoot) -> None:
    """Judge until nothing is left, with a pause and a correction after the first items."""
    shoot("way-judging")
    page.locator("[data-pause]").click()
    shoot("way-paused")
    page.locator("[data-resume]").click()
    judging, told = page.url, False
    send(page)
    page.goto(f"{judging}last/")
    shoot("way-last")
    page.goto(judging)
    while page.locator("#judging form[data-draft]").count():
        if page.locator("[data-feedback]").count() and not told:
            shoot("way-gold-feedback")
            told = True
        send(page)


def send(page: Page) -> None:
    """Answer the item on the page and wait for what comes after it."""
    form = page.locator("#judging form[data-draft]")
    item = form.get_attribute("data-draft")
    choose(page)
    form.locator(".judge__bar button[type=submit]").click()
    page.locator(f"form[data-draft='{item}']").wait_for(state="detached")
    page.wait_for_load_state("networkidle")


def choose(page: Page) -> None:
    """Choose 'prosocial', wherever it stands."""
    page.locator("label.choice--prosocial").click()


def go_on(page: Page) -> None:
    """Press what the page is for."""
    page.locator("main .button--primary").first.click()
    page.wait_for_load_state("networkidle")
