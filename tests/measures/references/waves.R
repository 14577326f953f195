# Reference results for tests/measures/test_design_groups.py: Rscript waves.R > waves.json
# R 4.2.2, survey 4.1-1, jsonlite. The data are those of designs.json; a wave is every third person.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(digits = 15)
frame <- as.data.frame(lapply(fromJSON("designs.json")$data, unlist))
frame$wave <- (frame$unit - 1) %% 3 + 1
designs <- list(
  two_stage = svydesign(id = ~shop + unit, strata = ~region, fpc = ~shops + people, data = frame, nest = TRUE),
  one_stage = svydesign(id = ~shop, strata = ~region, weights = ~weight, data = frame, nest = TRUE),
  weights_only = svydesign(id = ~1, weights = ~weight, data = frame))

step <- function(name, design, old, new) {
  both <- update(subset(design, wave %in% c(old, new)), later = as.integer(wave == new))
  found <- svyttest(as.formula(paste(name, "~ later")), both)
  list(difference = unname(found$estimate), t = unname(found$statistic), df = unname(found$parameter),
       p = unname(found$p.value))
}
level <- function(name, design) lapply(1:3, function(k) {
  x <- svymean(as.formula(paste("~", name)), subset(design, wave == k))
  ci <- confint(x, df = degf(subset(design, wave == k)))
  list(value = unname(coef(x)), se = as.numeric(SE(x)), low = ci[1, 1], high = ci[1, 2])
})
groups <- function(name, design) {
  formula <- as.formula(paste(name, "~ factor(channel)"))
  model <- svyglm(formula, design)
  wald <- regTermTest(model, ~factor(channel))
  # As svyranktest does, but for equal values: it takes the plain mean of what they reach in the order of the
  # rows, which with weights depends on that order; here a value has what lies below it and half of its equals.
  y <- design$variables[[name]]; w <- weights(design, "sampling")
  mass <- tapply(w, y, sum)
  ranked <- update(design, rank = as.numeric(((cumsum(mass) - mass / 2) / sum(w))[as.character(y)]))
  ranks <- regTermTest(svyglm(rank ~ factor(channel), ranked), ~factor(channel))
  pairs <- lapply(list(c("app", "phone"), c("app", "shop"), c("phone", "shop")), function(pair) {
    against <- update(design, from = relevel(factor(channel), pair[1]))
    fitted <- svyglm(as.formula(paste(name, "~ from")), against)
    line <- summary(fitted)$coefficients[paste0("from", pair[2]), ]
    half <- qt(1 - .05 / 3 / 2, fitted$df.residual) * line[2]
    list(difference = unname(line[1]), se = unname(line[2]), p = min(1, 3 * unname(line[4])),
         low = unname(line[1] - half), high = unname(line[1] + half))
  })
  list(f = as.numeric(wald$Ftest), df1 = wald$df, df2 = wald$ddf, p = as.numeric(wald$p), pairs = pairs,
       ranks = list(f = as.numeric(ranks$Ftest), df1 = ranks$df, df2 = ranks$ddf, p = as.numeric(ranks$p)))
}
trend <- function(design) {
  line <- summary(svyglm(happy ~ wave, design, family = quasibinomial))$coefficients[2, ]
  list(slope = unname(line[1]), se = unname(line[2]), t = unname(line[3]), p = unname(line[4]))
}
out <- lapply(designs, function(design) list(
  level = list(score = level("score", design), points = level("points", design)),
  happy = lapply(1:3, function(k) {
    x <- svyciprop(~happy, subset(design, wave == k), method = "logit")
    list(value = as.numeric(x), ci = as.numeric(attr(x, "ci")))
  }),
  steps = lapply(setNames(nm = c("score", "happy", "points", "price")), function(name)
    list(step(name, design, 1, 2), step(name, design, 2, 3))),
  trend = trend(design),
  groups = lapply(setNames(nm = c("score", "price")), groups, design = design)))
cat(toJSON(out, auto_unbox = TRUE, digits = NA))
