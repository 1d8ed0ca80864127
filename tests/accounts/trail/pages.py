"""An example of an act for every address that changes something, or why it leaves no entry."""

import json
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role
from accounts.people.invitations import invite
from analysis.data.parameters import DEFAULTS
from analysis.making import computations
from annotations.disputes.adjudication import decide
from annotations.models import Study
from annotations.studies.choosing_metric import choices
from annotations.studies.imports.waiting import keep
from annotations.studies.studies import change_state, create_study
from annotations.tasks import see_to
from api.tokens.scopes import Scope
from api.tokens.tokens import make_token
from evaluations.background.happened import Event, emit
from evaluations.definitions.catalogue import SHIPPED, instrument, prompt_pack, rubric, store
from evaluations.models import Endpoint, Instrument, PromptPack
from evaluations.running.batches.sending import export
from evaluations.running.scorings import ask
from tests.accounts.trail.scene import PASSWORD, Act, Scene, totp
from webhooks import receivers
from webhooks.models import Delivery

OWN_WAY = "a rater's own way and words: rows of their own, with their time, never changed"
SIGN_IN = "signing in and out: a session, and counts of wrong attempts"
COMPUTED = "has figures computed anew from what is there; nothing anybody said or chose changes"
WAITS = "a file waits until its owner imports it; nothing of it is in the project before"
MAIL = "sends a mail; what its link does has an entry"

NEW_PASSWORD = {"password1": "another long phrase", "password2": "another long phrase"}

STUDY = {
    "name": "New",
    "unit": "trial",
    "kind": "orientation",
    "overlap": 3,
    "seed": 0,
    "option_order": "fixed",
    "language": "en",
    "on_deletion": "anonymous",
    "further-TOTAL_FORMS": 0,
    "further-INITIAL_FORMS": 0,
}

NO_ENTRY = {
    "upload_new": WAITS,
    "join": OWN_WAY,
    "judge": OWN_WAY,
    "judge_correct": OWN_WAY,
    "way": OWN_WAY,
    "way_pause": OWN_WAY,
    "report_refresh": COMPUTED,
    "compare_again": COMPUTED,
    "account_login": SIGN_IN,
    "account_logout": SIGN_IN,
    "account_reauthenticate": SIGN_IN,
    "account_confirm_login_code": SIGN_IN,
    "mfa_authenticate": SIGN_IN,
    "mfa_reauthenticate": SIGN_IN,
    "account_reset_password": MAIL,
}


def closed(scene: Scene) -> None:
    change_state(scene.study, scene.cast.administrator, Study.State.CLOSED)


def sent(scene: Scene) -> dict[str, Any]:
    file = SimpleUploadedFile("made.csv", b"item,rater,value\ni1,anna,yes\ni1,bert,no\n")
    options = {"study": "Made", "scale": "nominal", "categories": ["yes", "no"], "question": ""}
    options |= {"ways_out": [], "raters_are": "", "value_from": []}
    upload = keep(scene.cast.project, scene.cast.researcher, "judgments", file, options)
    see_to(upload)
    return {"upload_id": upload.pk}


def draft(scene: Scene) -> dict[str, Any]:
    made = create_study(scene.cast.project, "Draft", [scene.world.run], overlap=1)
    return {"study_slug": made.slug}


def planned(scene: Scene) -> dict[str, Any]:
    return {"run_id": scene.planned().pk}


def own(model: type, path: str, argument: str):
    """A definition of the project's own, to share with all."""

    def prepare(scene: Scene) -> dict[str, Any]:
        definition = json.loads((SHIPPED / path).read_text("utf-8")) | {"version": "own"}
        return {argument: store(model, definition, path, scene.cast.project).pk}

    return prepare


def uploaded(scene: Scene) -> dict[str, Any]:
    path = SHIPPED / "instruments" / "svo-slider.json"
    content = json.dumps(json.loads(path.read_text("utf-8")) | {"version": "2"})
    return {"file": SimpleUploadedFile("mine.json", content.encode())}


def experiment(scene: Scene) -> dict[str, Any]:
    return {
        "name": "mine",
        "target_values": ["prosocial"],
        "with_goal": ["no"],
        "inductions": ["name"],
        "value_places": ["dialogue"],
        "option_orders": ["printed"],
        "payoff_scales": ["1"],
        "answer_formats": ["free"],
        "item_sets": ["primary"],
        "trials_per_cell": 2,
        "seed": 0,
        "endpoints": [scene.world.endpoint.pk],
        "instrument": instrument().pk,
        "prompt_pack": prompt_pack().pk,
    }


def simulated(scene: Scene) -> dict[str, Any]:
    described = {"name": "new", "model": "sim", "kind": "simulated", "parameters": '{"angle": 3}'}
    return scene.shown("endpoint_new") | described


def scoring(scene: Scene) -> dict[str, Any]:
    return {"way": "rubric", "endpoint": scene.model().pk, "rubric": rubric().pk}


def asked(scene: Scene) -> dict[str, Any]:
    made = ask(scene.world.run, scene.model(), rubric(), scene.person)
    return {"scoring": made.pk, "act": "stop"}


def formset(scene: Scene, address: str, /, **changed: Any) -> dict[str, Any]:
    counts = {"further-TOTAL_FORMS": 0, "further-INITIAL_FORMS": 0}
    return scene.shown(address) | counts | changed


def decided(scene: Scene) -> None:
    decide(scene.world.dispute, scene.cast.reviewer, "prosocial", "They say so.")


def reported(scene: Scene) -> dict[str, Any]:
    return {"key": computations.look(scene.study, DEFAULTS).made.key}


def receiver(scene: Scene) -> dict[str, Any]:
    made = receivers.add(scene.cast.project, scene.person, "http://127.0.0.1:9/", list(Event))
    return {"receiver_id": made.pk}


def arrived(scene: Scene) -> dict[str, Any]:
    """A message that a receiver has."""
    named = receiver(scene)
    emit(scene.cast.project, Event.RUN_FINISHED)
    Delivery.objects.update(state=Delivery.DONE)
    return named | {"delivery_id": Delivery.objects.get().pk}


def made_token(scene: Scene) -> dict[str, Any]:
    token, _ = make_token(scene.cast.project, scene.person, "script", [Scope.READ])
    return {"token_id": token.pk}


def came_by_link(scene: Scene):
    return scene.study.raters.filter(identity__isnull=False).get()


def address(scene: Scene) -> EmailAddress:
    return EmailAddress.objects.create(
        user=scene.person, email=scene.person.email, primary=True, verified=False
    )


def confirmed(scene: Scene) -> dict[str, Any]:
    return {"key": EmailConfirmationHMAC(address(scene)).key}


def password_link(scene: Scene) -> dict[str, Any]:
    """The page that a mailed link ends at: its key is in the session by then."""
    scene.person.refresh_from_db()
    key, user = default_token_generator.make_token(scene.person), user_pk_to_url_str(scene.person)
    scene.client.logout()
    arguments = {"uidb36": user, "key": key}
    page = scene.client.get(scene.url("account_reset_password_from_key", **arguments))
    assert page.url.endswith("-set-password/")
    return {"uidb36": user, "key": "set-password"}


def no_password(scene: Scene) -> None:
    scene.person.set_unusable_password()
    scene.person.save()
    scene.client.force_login(scene.person)


def with_factor(scene: Scene) -> None:
    scene.sign_in_with_password()
    scene.with_second_factor()


def first_code(scene: Scene) -> dict[str, Any]:
    page = scene.client.get(scene.url("mfa_activate_totp"))
    return {"code": totp(page.context["form"].secret)}


def by_files(scene: Scene) -> dict[str, Any]:
    return {"run_id": scene.by_files().pk}


def in_a_file(scene: Scene) -> dict[str, Any]:
    run = scene.by_files()
    scene.lines = []
    export(run, Endpoint.objects.get(cells__run=run), scene.lines.append)
    return {"run_id": run.pk}


def answers(scene: Scene) -> dict[str, Any]:
    body = {"choices": [{"message": {"content": "So be it."}, "finish_reason": "stop"}]}
    named = json.loads(scene.lines[0])["custom_id"]
    line = json.dumps({"custom_id": named, "response": {"status_code": 200, "body": body}})
    return {"file": SimpleUploadedFile("answers.jsonl", line.encode())}


def invitation(scene: Scene) -> dict[str, Any]:
    made, token = invite(scene.cast.project, scene.cast.administrator, Role.RATER, days=1)
    return {"member_invitation_id": made.pk, "invite_token": token}


def another(scene: Scene) -> dict[str, Any]:
    return {"user_id": scene.cast.second_rater.pk}


def heir(scene: Scene) -> dict[str, Any]:
    return {"heir": scene.cast.reviewer.pk}


def signed_in_elsewhere(scene: Scene) -> None:
    scene.sign_in_with_password()
    sent = {"login": scene.person.username, "password": PASSWORD}
    for client in (Client(), Client()):
        client.post(scene.url("account_login"), sent)
        scene.client = client


ACTS: dict[str, Act] = {
    # projects and people
    "project_new": Act({"name": "New lab"}, entries=2),
    "project_archive": Act({"archive": "yes"}, closed),
    "project_leave": Act({}, who="reviewer"),
    "project_hand_over": Act(heir, entries=2),
    "members": Act({"role": "rater", "most_uses": 1, "days": 7}),
    "member": Act({"roles": ["rater", "reviewer"]}, another),
    "member_remove": Act({}, another),
    "member_invitation_revoke": Act({}, invitation),
    "invited": Act({}, invitation, who="stranger"),
    "own_account": Act({"language": "es"}),
    "usersessions_list": Act({}, signed_in_elsewhere),
    "project_delete": Act({"name": "Lab"}, closed),
    # evaluations
    "run_new": Act(experiment),
    "run_state": Act({"act": "resume"}, planned),
    "run_extend": Act({"trials_per_cell": 2}, planned),
    "batch_export": Act({"endpoint": "by files"}, by_files),
    "batch_give_back": Act({}, in_a_file),
    "batches": Act(answers, in_a_file),
    "run_delete": Act({"name": "planned"}, planned),
    "scoring_new": Act(scoring),
    "scoring_act": Act(asked),
    "endpoint_new": Act(simulated),
    "endpoint": Act(lambda scene: scene.shown("endpoint") | {"note": "changed"}),
    "endpoint_try": Act({}),
    "endpoint_delete": Act({"name": "simulated"}),
    "definition_new": Act(uploaded),
    "instrument_share": Act({}, own(Instrument, "instruments/svo-slider.json", "instrument_id")),
    "prompt_pack_share": Act({}, own(PromptPack, "prompt_packs/plain-en.json", "pack_id")),
    "frame_share": Act({}),
    # annotations
    "upload_act": Act({"import": "yes"}, sent, who="researcher", entries=2),
    "study_new": Act(lambda scene: STUDY | {"runs": [scene.world.run.pk]}),
    "study_settings": Act(lambda scene: formset(scene, "study_settings", name="Other name"), draft),
    "study_state": Act({"state": "paused"}),
    "study_archive": Act({}, closed),
    "study_delete": Act({"name": "Study"}, closed),
    "study_metric": Act(lambda scene: {"metric": choices(scene.study)[1][0]}),
    "study_guidelines": Act(
        lambda scene: scene.shown("study_guidelines") | {"instructions": "Read."}
    ),
    "study_controls": Act({"kind": "attention", "text": "Say unclear.", "expected": "unclear"}),
    "study_control_remove": Act({}),
    "study_rater_act": Act({"act": "pause", "reason": "Answers at random."}),
    "invitations": Act(lambda scene: scene.shown("invitations") | {"name": "wave"}),
    "invitation_act": Act({"act": "revoke"}),
    "participants_file": Act({"with_external_ids": "yes"}),
    "participant_act": Act(
        lambda scene: {"name": came_by_link(scene).pseudonym, "act": "returned"}
    ),
    "own_data_delete": Act({"sure": "yes"}, who="participant"),
    "dispute_decide": Act({"label": "prosocial", "reason": "They say so."}),
    "dispute_reopen": Act({"reason": "Look again."}, decided),
    # analysis
    "report_keep": Act(reported),
    # api
    "tokens": Act(lambda scene: {"name": "script", "scopes": ["read"], "days": 30}),
    "token_act": Act({"act": "revoke"}, made_token),
    # webhooks
    "webhooks": Act({"url": "http://127.0.0.1:9/", "kinds": ["run.finished"]}),
    "webhook": Act({"kinds": ["report.ready"]}, receiver),
    "webhook_act": Act({"act": "off"}, receiver),
    "webhook_send_again": Act({}, arrived),
    # own account
    "account_signup": Act(
        {"email": "new@example.org", "username": "new"} | NEW_PASSWORD,
        who="nobody",
        settings={"SIGNUP_OPEN": True},
    ),
    "account_email": Act(
        {"action_primary": "", "action_add": "", "email": "new@example.org"},
        Scene.sign_in_with_password,
    ),
    "account_confirm_email": Act({}, confirmed),
    "account_change_password": Act(
        {"oldpassword": PASSWORD} | NEW_PASSWORD, Scene.sign_in_with_password
    ),
    "account_set_password": Act(NEW_PASSWORD, no_password),
    "account_reset_password_from_key": Act(NEW_PASSWORD, password_link),
    "mfa_activate_totp": Act(first_code, Scene.sign_in_with_password, entries=2),
    "mfa_deactivate_totp": Act({}, with_factor),
    "mfa_generate_recovery_codes": Act({}, with_factor),
}
