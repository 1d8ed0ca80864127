"""One of everything in the cast's project, made as users make it; for tests that walk pages."""

from dataclasses import dataclass

import pytest
from django.core.management import call_command

from accounts.models import Role
from annotations.exchange.assignment import current_or_next
from annotations.files.item_files import ControlRow
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.models import Dispute, Invitation, Rater, Study
from annotations.studies.control_items import add_controls
from annotations.studies.guidelines import revise
from annotations.studies.simulated import simulate_judgments
from annotations.studies.studies import change_state, create_study
from annotations.taking_part.invitations import create_invitation, let_in, link_arrival, token_of
from annotations.taking_part.parts import rater_for
from annotations.taking_part.stages import advance
from evaluations.definitions import catalogue
from evaluations.definitions.catalogue import prompt_pack
from evaluations.models import Endpoint, Frame, Run
from tests.cast import Cast
from tests.evaluations.definitions.scenes import HARVEST

TRIALS = catalogue.SHIPPED / "smollm2" / "smollm2_trials_reversed.jsonl"


@dataclass(frozen=True)
class World:
    """Eight real trials in an open study with two places an item. A simulated rater has judged them
    all, the rater one of them, which is disputed because the two do not agree. One person came by
    an invitation and has judged nothing yet."""

    run: Run
    endpoint: Endpoint
    study: Study
    dispute: Dispute
    assignment_id: int
    invitation: Invitation
    frame: Frame

    @property
    def arguments(self) -> dict[str, object]:
        """Arguments for the addresses of these things, by the names used in URL patterns."""
        return {
            "project_slug": self.run.project.slug,
            "run_id": self.run.pk,
            "endpoint_id": self.endpoint.pk,
            "instrument_id": self.run.instrument_id,
            "pack_id": prompt_pack().pk,
            "frame_id": self.frame.pk,
            "trial_id": self.run.trials.first().pk,
            "study_slug": self.study.slug,
            "assignment_id": self.assignment_id,
            "dispute_id": self.dispute.pk,
            "invitation_id": self.invitation.pk,
            "token": token_of(self.invitation),
            "invite_token": "made-up",
            "member_invitation_id": 0,
            "user_id": self.run.project.memberships.get(role=Role.RESEARCHER).user_id,
            "version": self.study.guidelines.last().version,
            "rater_id": self.study.raters.first().pk,
            "item_id": self.study.items.get(kind="gold").pk,
        }


@pytest.fixture
def world(cast: Cast) -> World:
    project = cast.project
    call_command("import_trials", str(TRIALS), "--project", project.slug, "--run", "trials")
    run = project.runs.get()
    study = create_study(project, "Study", [run], overlap=2, seed=1)
    study = change_state(study, cast.administrator, Study.State.OPEN)
    simulate_judgments(study, raters=1, seed=1)
    revise(study, cast.researcher, instructions="# How to judge\n\n- Read **every** answer.")
    gold = ControlRow("gold", "unclear", "It says so.", text="Say 'unclear' here.")
    add_controls(study, cast.researcher, [gold])
    for person in (cast.rater, cast.second_rater):  # both have read the instructions
        advance(rater_for(study, person), Rater.Stage.INSTRUCTIONS)
    rater = rater_for(study, cast.rater)
    held = current_or_next(rater)
    assert held is not None
    said = held.item.judgments.first().label
    differing = "competitive" if said != "competitive" else "altruistic"
    submit(rater, Form(held.pk, 0, differing, confidence="4", comment="They take what they can."))
    endpoint = Endpoint.objects.create(
        project=project, name="simulated", kind="simulated", model="sim", parameters={"angle": 30}
    )
    invitation = create_invitation(study, cast.researcher, name="link", completion="C0DE")
    advance(let_in(invitation, link_arrival(invitation, "a browser")), Rater.Stage.INSTRUCTIONS)
    dispute = Dispute.objects.filter(item=held.item).get()
    frame = catalogue.store(Frame, HARVEST, "frame", project)
    return World(run, endpoint, study, dispute, held.pk, invitation, frame)
