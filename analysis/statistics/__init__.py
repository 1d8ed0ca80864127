"""The statistics of a validation study: pure NumPy, SciPy only inside functions that need it.

Every statistic answers with ``result.Estimate`` (value, interval or the reason for none, counts,
warnings, details) or ``result.Undefined`` (the reason in words). Judgments come in as a
``targets x raters`` array with NaN for a missing cell, or long as ``ratings.Ratings``.

result              estimate, interval, range, undefined; JSON-safe copies
ratings             judgments kept long; matrix from columns, duplicates refused
weights             agreement weights between categories
rounding            what rounding leaves of zero and of equal numbers
diagnostics         warnings: rare category, constant rater, prevalence, order

alpha               Krippendorff: nominal, ordinal, interval, ratio
agreement           percent, AC1/AC2, Fleiss, Conger, Brennan-Prediger; agreement per category
kappa               Cohen: unweighted, linear, quadratic, custom weights
confusion           confusion matrix, precision, recall, F1, macro F1, balanced accuracy
icc                 six forms (icc_forms), F limits; target bootstrap
icc_missing         the forms when cells are missing
variance_components REML; pivots: intervals for functions of variance components
reliability         SEM, MDC, spread of repeated trials within a cell
agreement_limits    Bland-Altman plain and for repeated measures, repeatability
concordance         Lin's CCC
correlation         Pearson, Spearman, Kendall
consensus           majority and median labels; dawid_skene: consensus by rater confusion
alt_test            alternative annotator test; automated-human against human-human agreement
ppi                 prediction-powered mean (PPI++)
contrasts           paired contrasts of all pairs with Holm
crossed_limits      limits of agreement with one rater, units and raters random
intra_rater         a rater against themselves; leaning: of raters on where they stand
vectors             one dimension at a time, and their macro mean
paired              the difference of one statistic between two sides
planning            targets, raters and trials for a wanted precision; simulated designs

cultures            two groups of raters, and scenes and languages of a measure:
  cross_replication   xRR: agreement across two groups of raters
  compare             two cultures: alphas, xRR, normalised, association, permuted cultures
  mantel_haenszel     the same label at the same score, in strata; logistic_dif: by regression
  g_study             components of target, scene and language; G, Phi, SEM, D-study
  equivalence         a scene against the anchor within a bound (TOST)

bootstrap           resampling of units or clusters through sums; jackknife over clusters
clustered           linearised intervals, t on group means, cluster bootstrap of a mean
"""
