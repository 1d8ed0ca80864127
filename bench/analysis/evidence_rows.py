"""Every statistic of the plan: its functions, its interval, and what holds it. See ``evidence``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """A statistic of the plan: functions of ``analysis.statistics``, oracles by name, property
    tests by function, lines of docs/coverage.md by a pattern of how they begin."""

    statistic: str
    functions: str
    interval: str
    oracles: str = ""
    properties: str = ""
    coverage: tuple[str, ...] = ()
    note: str = ""


ORDER = "agreement_ignores_the_order_of_raters_and_targets"
NAMES = "unweighted_agreement_ignores_the_names_of_labels"
PERFECT = "perfect_agreement_is_one"
LINEARISED = "t over units or models, linearised"
RESAMPLED = "bootstrap over units, t over models"
PAPER = "feinstein_cicchetti_balanced feinstein_cicchetti_skewed"
GWET = "gwet_raw4raters_unweighted gwet_raw4raters_quadratic"
SECTIONS: dict[str, tuple[Evidence, ...]] = {
    "Agreement on labels and steps": (
        Evidence(
            "Krippendorff's alpha: nominal, ordinal, interval, ratio; missing cells",
            "agreement.alpha.krippendorff_alpha agreement.coefficients.agreement",
            RESAMPLED,
            "kalpha_krippendorff_4x12 kalpha_meg_owen_binary kalpha_irr_video_complete "
            f"kalpha_fx_missing_angle edge_all_identical edge_one_rater edge_one_target {PAPER}",
            "alpha_is_its_definition alpha_ignores_the_order_of_raters_and_targets "
            "nominal_alpha_ignores_the_names_of_labels ordinal_alpha_needs_the_order_only "
            "interval_alpha_and_icc_ignore_the_unit_and_zero_of_the_scale "
            "ratio_alpha_ignores_the_unit long_form_and_table_hold_the_same "
            f"alpha_as_a_chance_corrected_coefficient_is_nominal_alpha {PERFECT}",
            ("Krippendorff's alpha", "alpha(, t over models|, ordinal)?$", "alpha, (nom|int)"),
        ),
        Evidence(
            "Cohen's kappa: unweighted, linear, quadratic, own weights; standard error",
            "agreement.kappa.cohen_kappa agreement.kappa.cohen_kappa_table",
            "t, standard error of Fleiss, Cohen & Everitt; t over models",
            "cohen_wikipedia_2x2 weighted_kappa_sexualfun weighted_kappa_cohen_1968 " + PAPER,
            "kappa_treats_both_raters_alike conger_of_two_raters_is_cohen "
            f"quadratic_kappa_of_counts_is_ccc {PERFECT}",
            ("Cohen's kappa", "weighted kappa", "kappa(,|$)"),
        ),
        Evidence(
            "Fleiss' kappa",
            "agreement.coefficients.fleiss_kappa",
            LINEARISED,
            f"fleiss_1971_diagnoses {GWET} {PAPER}",
            f"{ORDER} {NAMES} {PERFECT}",
            ("Fleiss' kappa",),
        ),
        Evidence(
            "Conger's kappa",
            "agreement.coefficients.conger_kappa",
            LINEARISED,
            f"fleiss_1971_diagnoses {GWET}",
            f"{ORDER} {NAMES} conger_of_two_raters_is_cohen",
            ("Conger's kappa",),
        ),
        Evidence(
            "Brennan-Prediger",
            "agreement.coefficients.brennan_prediger",
            LINEARISED,
            f"fleiss_1971_diagnoses {GWET} {PAPER}",
            f"{ORDER} {NAMES} {PERFECT}",
            ("Brennan-Prediger",),
        ),
        Evidence(
            "Gwet's AC1 and AC2",
            "agreement.coefficients.gwet_ac",
            LINEARISED,
            f"fleiss_1971_diagnoses {GWET} {PAPER}",
            f"{ORDER} {NAMES} {PERFECT}",
            ("Gwet's AC", "AC1"),
        ),
        Evidence(
            "Percent agreement",
            "agreement.coefficients.percent_agreement",
            LINEARISED,
            f"fleiss_1971_diagnoses {GWET} {PAPER}",
            f"{ORDER} {NAMES}",
            ("percent agreement",),
        ),
        Evidence(
            "Class-specific agreement",
            "agreement.coefficients.class_agreement",
            RESAMPLED,
            "",
            f"class_agreement_moves_with_the_names_of_labels {PERFECT}",
            ("agreement on a",),
            "no published oracle was given; for two raters it is positive and negative agreement, "
            "worked out by hand in test_agreement",
        ),
        Evidence(
            "Value vectors, one dimension at a time and their macro mean",
            "agreement.vectors.vector_alpha agreement.vectors.vector_concordance",
            "as the dimension's statistic; whole vectors resampled, t over models",
            "kalpha_krippendorff_4x12",
            "every_dimension_is_its_own_alpha concordance_is_that_of_each_column "
            "the_order_of_dimensions_raters_and_units_changes_nothing",
            ("alpha of a dimension", "alpha of a sparse", "alpha, macro", "CCC of a", "CCC, macro"),
        ),
        Evidence(
            "A rater against themselves: labels, numbers",
            "intra_rater.repeated_labels intra_rater.repeated_numbers",
            "t over raters; chi-square corrected for kurtosis",
            "repeatability_pefr",
            "percent_is_the_share_of_equal_pairs_over_all_and_for_each_rater "
            "numbers_do_not_mind_which_judgment_came_first",
            (
                "same label again",
                "alpha of repeats",
                "kappa of repeats",
                "within-rater",
                "repeatab",
            ),
        ),
    ),
    "Numbers": (
        Evidence(
            "ICC, six forms, complete tables",
            "numbers.icc.icc",
            "simulated pivots; F beside (ADR 0025)",
            "icc_shrout_fleiss_1979 edge_all_identical edge_zero_between edge_one_rater "
            "edge_one_target",
            "icc_ignores_the_order_of_raters_and_targets "
            f"interval_alpha_and_icc_ignore_the_unit_and_zero_of_the_scale {PERFECT}",
            (r"ICC\(.,.\), (F|pivots)",),
            "pingouin gives the same values and limits (test_icc)",
        ),
        Evidence(
            "ICC with missing cells: REML variance components",
            "numbers.icc.icc numbers.variance_components.Design",
            "simulated pivots in place of a parametric bootstrap (ADR 0007)",
            "icc_reml_sf_complete icc_reml_fx_missing icc_oneway_reml_sf_missing3 "
            "edge_disconnected",
            "missing_cell_icc_ignores_order_unit_and_zero",
            (r"ICC\(.,.\), cells missing",),
        ),
        Evidence(
            "ICC by resampling targets",
            "numbers.icc.icc_bootstrap",
            "bootstrap over targets",
            "",
            "",
            (),
            "offered nowhere: it leaves out the raters (.71 at n = 1000, k = 5). Kept for `make "
            "bench-analysis`, whose ratio against looping pingouin the plan asks for",
        ),
        Evidence(
            "SEM, MDC",
            "numbers.reliability.standard_error_of_measurement "
            "numbers.reliability.minimum_detectable_change",
            "chi-square, Graybill-Wang; pivots",
            "sem_mdc_sf",
            "errors_have_the_unit_of_the_scale",
            ("SEM", "MDC95"),
        ),
        Evidence(
            "Spread of repeated trials, ICC(1,1) over trials",
            "numbers.reliability.within_cell",
            "chi-square corrected for kurtosis; F or pivots",
            "icc_oneway_reml_sf_missing3",
            "errors_have_the_unit_of_the_scale",
            ("within-cell SD", r"ICC\(1,1\) over trials"),
        ),
        Evidence(
            "Bland-Altman limits, plain",
            "numbers.agreement_limits.limits_of_agreement numbers.agreement_limits.repeatability",
            "t; exact noncentral t, MOVER above 1,000 pairs",
            "bland_altman_1986_pefr repeatability_pefr",
            "limits_turn_with_the_sides_and_stretch_with_the_unit",
            (
                "Bland-Altman [a-z ]+$",
                "slope of difference on mean$",
                "(bias|.* limit of agreement), coded",
            ),
        ),
        Evidence(
            "Bland-Altman limits, repeated measures",
            "numbers.agreement_limits.repeated_limits_of_agreement",
            "t on units; MOVER",
            "bland_altman_rm_cardiac_varying",
            "limits_turn_with_the_sides_and_stretch_with_the_unit",
            ("Bland-Altman [a-z ]+, repeated", "slope .*, t over models"),
        ),
        Evidence(
            "Limits of agreement with one rater (crossed)",
            "numbers.crossed_limits.crossed_limits",
            "simulated pivots",
            "icc_reml_sf_complete",
            "a_shift_moves_everything_and_a_turn_swaps_the_limits",
            (
                "bias against one rater",
                "lower limit of agreement with",
                "upper limit of agreement w",
            ),
        ),
        Evidence(
            "Lin's CCC",
            "numbers.concordance.concordance",
            "z-transform; t over models",
            "lin_ccc_pefr",
            "concordance_is_symmetric_and_no_larger_than_correlation "
            "quadratic_kappa_of_counts_is_ccc",
            ("Lin's CCC",),
        ),
        Evidence(
            "Pearson, Spearman, Kendall",
            "numbers.correlation.correlation",
            "Fisher's z",
            "correlation_pefr",
            "concordance_is_symmetric_and_no_larger_than_correlation",
            ("Pearson", "Spearman", "Kendall"),
        ),
        Evidence(
            "Leaning on one's own angle",
            "leaning.leaning_effect",
            "t on raters; Fisher's z",
            "",
            "leanings_are_the_distance_from_the_mean_of_the_others "
            "a_shift_of_all_judgments_or_of_an_item_changes_nothing",
            ("leaning", "correlation of leaning"),
            "own definition: held to numpy.polyfit",
        ),
    ),
    "A metric against the raters": (
        Evidence(
            "Dawid-Skene consensus",
            "agreement.dawid_skene.dawid_skene agreement.dawid_skene.dawid_skene_repeated",
            "none",
            "dawid_skene_1979",
            "dawid_skene_moves_with_raters_units_and_names",
            (),
            "the paper's raters repeat themselves; a report gives the model first judgments only, "
            "as it gives them to every statistic",
        ),
        Evidence(
            "Confusion, precision, recall, F1, macro F1, balanced accuracy",
            "agreement.confusion.classification agreement.confusion.accuracy",
            "Wilson; bootstrap over units; t over models",
            "",
            "accuracy_alone_is_that_of_the_whole_classification "
            f"swapped_sides_swap_precision_and_recall {PERFECT}",
            ("macro F1", "F1 of", "recall", "precision", "accuracy", "balanced accuracy"),
            "scikit-learn gives the same scores (test_criterion); Wilson's limits are Newcombe's",
        ),
        Evidence(
            "Alternative annotator test: winning rate, advantage probability",
            "agreement.alt_test.alt_test",
            "Benjamini-Yekutieli; bootstrap over items, t over models",
            "alt_test_synthetic_class",
            "alt_test_ignores_the_order_of_raters_and_items",
            ("advantage probability",),
        ),
        Evidence(
            "Automated-human minus human-human agreement",
            "agreement.alt_test.agreement_gap",
            RESAMPLED,
            "",
            "alt_test_ignores_the_order_of_raters_and_items",
            ("automated-human",),
            "own definition: worked out by hand in test_criterion",
        ),
        Evidence(
            "PPI++ of a mean angle, share, value rationality",
            "ppi.ppi_mean",
            "asymptotic, t below 50 judged; t over models",
            "ppi_mean",
            "a_corrected_mean_moves_with_the_scale",
            (r"PPI\+\+",),
        ),
        Evidence(
            "Two sides: difference of one statistic",
            "paired.paired_difference paired.alphas paired.agreements paired.labelled "
            "paired.biases paired.concordances",
            "both sides resampled together; t over models",
            "",
            "a_side_does_not_differ_from_itself_and_swaps_its_sign",
            ("difference of",),
            "each side is the statistic above, which the property tests hold it to",
        ),
    ),
    "Models, clusters, plans": (
        Evidence(
            "Paired contrasts with Holm",
            "numbers.contrasts.paired_contrasts numbers.contrasts.holm",
            "t on blocks",
            "",
            "holm_keeps_order_and_never_lowers_p contrasts_are_the_paired_t_test",
            ("contrast",),
            "scipy gives the same p (test_criterion); Holm's worked example",
        ),
        Evidence(
            "Cluster-aware intervals: t on model means, cluster bootstrap",
            "core.clustered.t_on_group_means core.clustered.cluster_bootstrap_mean "
            "core.clustered.linearised_interval core.bootstrap.resampling_interval",
            "t on group means; percentiles over whole groups",
            "",
            "group_means_do_not_mind_order_and_move_with_the_scale",
            ("mean angle, ",),
            "a report gives t over models: see the lines of the cluster bootstrap for why",
        ),
        Evidence(
            "Planning: Bonett, Zou, Donner-Rotondi, MDC of a mean",
            "planning.bonett_targets planning.zou_targets planning.kappa_targets "
            "planning.trials_for_mdc planning.raters_for_reliability",
            "none",
            "bonett_2002_example zou_2012_grid kappasize_ci4cats_6_4_8_2r "
            "kappasize_ci4cats_6_4_8_3r kappasize_ci4cats_6_5_7_2r",
            "a_narrower_interval_takes_more_targets",
        ),
        Evidence(
            "Planning: simulation of one's own design",
            "planning.simulate_alpha_width planning.simulate_icc_width",
            "none",
            "",
            "",
            (),
            "held to the planned values by test_planning and test_planning_numbers",
        ),
    ),
    "Cultures": (
        Evidence(
            "Cross-replication reliability (xRR)",
            "cultures.cross_replication.cross_replication",
            "bootstrap over items",
            "xrr_wong_unit_test xrr_equals_cohen_kappa_one_rating_each xrr_no_shared_items",
            "xrr_is_its_definition xrr_takes_both_sides_alike_and_ignores_their_order "
            "nominal_xrr_ignores_the_names_of_labels",
        ),
        Evidence(
            "Two cultures: alphas, pooled, xRR, normalised, association index, difference",
            "cultures.compare.compare_cultures",
            "bootstrap over items and raters, and over items; permuted cultures",
            "xrr_two_cultures_labels planning_simulation",
            "alphas_of_a_pair_are_those_of_the_shared_items swapped_cultures_swap_the_pair "
            "ranks_of_a_pair_are_those_of_both_cultures_together",
            (),
            "simulated cultures that differ are found, and no others (cultures/test_recovery)",
        ),
        Evidence(
            "Same label at the same score: Mantel-Haenszel and generalised",
            "cultures.mantel_haenszel.mantel_haenszel "
            "cultures.mantel_haenszel.generalised_mantel_haenszel",
            "normal, variance of Robins, Breslow & Greenland",
            "mh_ucb_admissions mh_dif_orientation_label mh_degenerate gmh_orientation_4_labels",
            "swapped_cultures_turn_delta_and_a_stratum_of_one_culture_adds_nothing "
            "the_generalised_statistic_of_two_labels_is_mantel_haenszel "
            "the_generalised_statistic_ignores_the_names_of_labels",
        ),
        Evidence(
            "Same label at the same score: logistic regression",
            "cultures.logistic_dif.logistic_dif",
            "none: likelihood-ratio tests",
            "",
            "logistic_regression_ignores_the_unit_of_the_score",
            (),
            "of the data of mh_dif_orientation_label the change of R squared is .024 (test_golden)",
        ),
        Evidence(
            "G study: components, G, Phi, SEM, D-study",
            "cultures.g_study.g_study",
            "generalised pivots of the mean squares",
            "gstudy_p_f_l_known gstudy_shrout_fleiss_p_r",
            "g_and_phi_of_targets_and_scenes_are_the_icc_of_their_mean "
            "components_do_not_mind_the_order_of_targets_scenes_and_languages "
            "more_scenes_never_measure_worse",
        ),
        Evidence(
            "A scene against the anchor: two one-sided tests",
            "cultures.equivalence.scenes_against_anchor",
            "t on targets",
            "",
            "a_scene_is_equivalent_exactly_where_its_ninety_per_cent_interval_lies_inside",
            (),
            "the property is the test's definition",
        ),
    ),
    "The instrument (evaluations.instruments.svo)": (
        Evidence(
            "Angle and orientation",
            "",
            "none",
            "svo_scaling svo_frame_invariance svo_altruist svo_inequality_averse svo_competitive "
            "svo_individualist_hi svo_joint_gain_lo svo_enumeration svo_secondary_index",
        ),
    ),
}
