# Reference results for tests/analytics/test_replicate_analyses.py: Rscript replicates.R > replicates.json
# R 4.2.2, survey 4.1-1, jsonlite. Base weights differ within strata and classes, and two of them are nought.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
set.seed(20261130)
options(digits = 15)
frame <- do.call(rbind, lapply(c("N", "S", "W"), function(h) do.call(rbind, lapply(1:2, function(k) {
  asked <- sample(5:8, 1)
  data.frame(region = h, shop = k, score = round(rnorm(asked, rnorm(1, 70, 5), 9), 1),
             spend = round(exp(rnorm(asked, 5, .6)), 1), age = sample(18:75, asked, TRUE))
}))))
n <- nrow(frame)
frame$weight <- round(runif(n, 1, 9), 2)
frame$channel <- sample(c("app", "shop"), n, TRUE)
frame$zero <- replace(frame$weight, c(3, 20), 0)
design <- function(w) svydesign(id = ~shop, strata = ~region, weights = as.formula(paste0("~", w)), data = frame,
                                nest = TRUE)
one <- design("weight")
stat <- function(x, df) {
  ci <- confint(x, df = df)
  list(value = unname(coef(x)), se = as.numeric(SE(x)), low = unname(ci[, 1]), high = unname(ci[, 2]))
}
rep_of <- function(d) list(degf = degf(d), mean = stat(svymean(~score, d), degf(d)),
  total = stat(svytotal(~spend, d), degf(d)), ratio = stat(svyratio(~spend, ~age, d), degf(d)))
of_weights <- function(d) c(rep_of(d), list(weights = weights(d, type = "analysis"), scale = d$scale,
                                            rscales = d$rscales))
uneven <- as.svrepdesign(svydesign(id = ~1, strata = ~region, weights = ~weight, data = frame), type = "JKn")
same <- as.svrepdesign(svydesign(id = ~1, strata = ~region, weights = ~weight, data = frame), type = "JKn",
                       mse = TRUE)
set.seed(3)
boot <- as.svrepdesign(svydesign(id = ~1, strata = ~region, weights = ~zero, data = frame), type = "subbootstrap",
                       replicates = 12)
wanted <- data.frame(channel = c("app", "shop"), Freq = c(100, 70))
post <- postStratify(one, ~channel, wanted)
known <- c(`(Intercept)` = 210, age = 10400)
greg <- calibrate(one, ~age, known)
held <- calibrate(one, ~age, known, bounds = c(.95, 1.045), calfun = "linear", epsilon = 1e-12, maxit = 200)
of_known <- function(d) list(mean = stat(svymean(~score, d), degf(d)), total = stat(svytotal(~spend, d), degf(d)))
ends <- svyquantile(~score, svydesign(id = ~1, weights = ~weight, data = frame), c(.02, .5, .98))[[1]]
out <- list(
  meta = list(R = R.version.string, survey = as.character(packageVersion("survey")), seed = 20261130),
  data = lapply(frame, identity),
  jkn = of_weights(uneven), jkn_about_value = rep_of(same), zero = of_weights(boot),
  fay = rep_of(as.svrepdesign(one, type = "Fay", fay.rho = .3)),
  post = list(mean = stat(svymean(~score, post), degf(post)), total = stat(svytotal(~spend, post), degf(post)),
    domain = stat(svymean(~score, subset(post, region != "W")), degf(subset(post, region != "W")))),
  greg = of_known(greg), greg_bounded = of_known(held), ratios = range(weights(held) / frame$weight),
  quantiles = list(value = unname(ends[, 1]), low = unname(ends[, 2]), high = unname(ends[, 3]))
)
cat(toJSON(out, digits = NA, auto_unbox = TRUE, null = "null", na = "null"))
