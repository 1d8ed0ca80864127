"""Doors of this app."""

from django.urls import path

from annotations.views import (
    correcting,
    invitations,
    joining,
    judging,
    metric,
    own_data,
    preview,
    putting_away,
    raters,
    researcher,
    reviewer,
    setup,
    uploads,
    way,
)

PROJECT = "p/<slug:project_slug>/"
DISPUTE = f"{PROJECT}disputes/<int:dispute_id>/"
STUDY = f"{PROJECT}studies/<slug:study_slug>/"

UPLOAD = f"{PROJECT}uploads/<int:upload_id>/"

urlpatterns = [
    path(f"{PROJECT}import/", uploads.uploads, name="uploads"),
    path(f"{PROJECT}import/<slug:what>/", uploads.upload_new, name="upload_new"),
    path(UPLOAD, uploads.upload, name="upload"),
    path(f"{UPLOAD}act/", uploads.upload_act, name="upload_act"),
    path(f"{UPLOAD}progress/", uploads.upload_progress, name="upload_progress"),
    path(f"{UPLOAD}<slug:part>", uploads.upload_file, name="upload_file"),
    path(f"{PROJECT}studies/", researcher.studies, name="studies"),
    path(f"{PROJECT}studies/new/", researcher.new_study, name="study_new"),
    path(STUDY, researcher.study, name="study"),
    path(
        f"{STUDY}judgments.<slug:judgments_form>", researcher.judgments_file, name="judgments_file"
    ),
    path(f"{STUDY}state/", researcher.study_state, name="study_state"),
    path(f"{STUDY}archive/", putting_away.study_archive, name="study_archive"),
    path(f"{STUDY}delete/", putting_away.study_delete, name="study_delete"),
    path(f"{STUDY}metric/", metric.study_metric, name="study_metric"),
    path(f"{STUDY}settings/", setup.settings, name="study_settings"),
    path(f"{STUDY}guidelines/", setup.guidelines, name="study_guidelines"),
    path(f"{STUDY}guidelines/<int:version>/", setup.guideline, name="study_guideline"),
    path(f"{STUDY}controls/", setup.controls, name="study_controls"),
    path(
        f"{STUDY}controls/<int:item_id>/remove/", setup.control_remove, name="study_control_remove"
    ),
    path(f"{STUDY}raters/<int:rater_id>/", raters.rater, name="study_rater"),
    path(f"{STUDY}raters/<int:rater_id>/act/", raters.rater_act, name="study_rater_act"),
    path(f"{STUDY}judge/", judging.judge, name="judge"),
    path(f"{STUDY}judge/last/", correcting.last, name="judge_last"),
    path(f"{STUDY}judge/last/<int:assignment_id>/", correcting.correct, name="judge_correct"),
    path(f"{STUDY}judge/preview/", preview.preview, name="judge_preview"),
    path("join/<str:token>/", joining.join, name="join"),
    path(f"{STUDY}way/", way.way, name="way"),
    path(f"{STUDY}way/pause/", way.pause, name="way_pause"),
    path(f"{STUDY}way/data/", own_data.own_data, name="own_data"),
    path(f"{STUDY}way/data/file/", own_data.own_data_file, name="own_data_file"),
    path(f"{STUDY}way/data/delete/", own_data.own_data_delete, name="own_data_delete"),
    path(f"{STUDY}invitations/", invitations.invitations, name="invitations"),
    path(
        f"{STUDY}invitations/<int:invitation_id>/",
        invitations.invitation_act,
        name="invitation_act",
    ),
    path(f"{STUDY}participants.csv", invitations.participants_file, name="participants_file"),
    path(f"{STUDY}participant/", invitations.participant_act, name="participant_act"),
    path(f"{PROJECT}disputes/", reviewer.disputes, name="disputes"),
    path(DISPUTE, reviewer.dispute, name="dispute"),
    path(f"{DISPUTE}decide/", reviewer.dispute_decide, name="dispute_decide"),
    path(f"{DISPUTE}reopen/", reviewer.dispute_reopen, name="dispute_reopen"),
]
