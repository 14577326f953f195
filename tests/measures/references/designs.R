# Reference results for tests/measures/test_design_references.py: Rscript designs.R > designs.json
# R 4.2.2, survey 4.1-1, jsonlite. The data are made here with a seed and stored beside the results.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
set.seed(20260301)
options(digits = 15)

frame <- do.call(rbind, lapply(1:3, function(h) {
  shops <- c(30, 20, 12)[h]; drawn <- c(6, 5, 4)[h]
  do.call(rbind, lapply(sample(shops, drawn), function(k) {
    people <- sample(15:60, 1); asked <- sample(5:9, 1)
    level <- rnorm(1, 70 + 4 * h, 6)
    data.frame(region = h, shop = k, shops = shops, people = people, asked = asked,
               score = round(rnorm(asked, level, 9), 2), age = sample(18:75, asked, TRUE))
  }))
}))
n <- nrow(frame)
frame$nps <- pmin(10, pmax(0, round((frame$score - 40) / 5 + rnorm(n))))
frame$channel <- sample(c("app", "phone", "shop"), n, TRUE, c(.5, .2, .3))
frame$happy <- as.integer(frame$score + rnorm(n, 0, 6) > 76)
frame$price <- round(0.5 * frame$score + rnorm(n, 20, 8), 1)
frame$price[sample(n, 17)] <- NA
frame$spend <- round(exp(rnorm(n, 5, .6)), 1)
frame$points <- ifelse(frame$nps >= 9, 100, ifelse(frame$nps <= 6, -100, 0))
frame$unit <- seq_len(n)

two <- svydesign(id = ~shop + unit, strata = ~region, fpc = ~shops + people, data = frame, nest = TRUE)
frame$weight <- weights(two)
two <- svydesign(id = ~shop + unit, strata = ~region, fpc = ~shops + people, data = frame, nest = TRUE)
one <- svydesign(id = ~shop, strata = ~region, weights = ~weight, data = frame, nest = TRUE)
flat <- svydesign(id = ~shop2, weights = ~weight,
                  data = transform(frame, shop2 = interaction(region, shop, drop = TRUE)))

stat <- function(x, df) {
  ci <- confint(x, df = df)
  list(value = unname(coef(x)), se = unname(SE(x)), low = unname(ci[, 1]), high = unname(ci[, 2]))
}
glm_lines <- function(m) {
  s <- summary(m)$coefficients
  list(estimate = unname(s[, 1]), se = unname(s[, 2]), t = unname(s[, 3]), p = unname(s[, 4]))
}
both <- function(design) {
  price <- subset(design, !is.na(price))
  chi <- svychisq(~happy + channel, design); chi1 <- svychisq(~happy + channel, design, statistic = "Chisq")
  m <- svymean(~score, design, deff = TRUE); r <- svymean(~score, design, deff = "replace")
  tt <- svyttest(score ~ I(as.integer(channel == "app")), design)
  by <- svyby(~points, ~channel, design, svymean)
  quant <- svyquantile(~score, design, c(.1, .25, .5, .9))[[1]]
  list(
    degf = degf(design),
    mean_score = c(stat(m, degf(design)), deff = unname(deff(m)), deff_replace = unname(deff(r))),
    mean_price = c(stat(svymean(~price, design, na.rm = TRUE), degf(price)), n = sum(!is.na(frame$price))),
    total_spend = c(stat(svytotal(~spend, design), degf(design)),
                    deff = unname(deff(svytotal(~spend, design, deff = TRUE)))),
    ratio = { x <- svyratio(~spend, ~age, design); list(value = as.numeric(coef(x)), se = as.numeric(SE(x))) },
    happy = lapply(setNames(nm = c("logit", "beta", "mean", "asin")), function(k) {
      x <- svyciprop(~happy, design, method = k); list(value = as.numeric(x), ci = as.numeric(attr(x, "ci")))
    }),
    nps_by_channel = list(group = by$channel, value = by$points, se = by$se),
    quantile = list(level = c(.1, .25, .5, .9), value = unname(quant[, 1]), low = unname(quant[, 2]),
                    high = unname(quant[, 3]), se = unname(quant[, 4])),
    chi = list(f = unname(chi$statistic), df1 = unname(chi$parameter[1]), df2 = unname(chi$parameter[2]),
               p = unname(chi$p.value), chi2_p = unname(chi1$p.value)),
    ttest = list(difference = unname(tt$estimate), t = unname(tt$statistic), df = unname(tt$parameter),
                 p = unname(tt$p.value)),
    linear = glm_lines(svyglm(score ~ age + price, design)),
    logit = glm_lines(svyglm(happy ~ score + age, design, family = quasibinomial()))
  )
}
pop <- c(app = 800, phone = 500, shop = 700)
scale <- sum(frame$weight) / 2000
total_age <- sum(frame$weight * frame$age)
target <- c(`(Intercept)` = sum(frame$weight), age = total_age * 1.03, spend = sum(frame$weight * frame$spend) * .96)
bounded <- calibrate(one, ~age + spend, target, bounds = c(.8, 1.25), calfun = "linear", epsilon = 1e-12)
free <- calibrate(two, ~age + spend, target)
post <- postStratify(one, ~channel, data.frame(channel = names(pop), Freq = unname(pop)))
trim <- trimWeights(one, upper = 36, lower = 14, strict = TRUE)
lonely <- subset(frame, !(region == 3 & shop != frame$shop[frame$region == 3][1]))
lonely_of <- function(rule) {
  options(survey.lonely.psu = rule)
  d <- svydesign(id = ~shop, strata = ~region, weights = ~weight, fpc = ~shops, data = lonely, nest = TRUE)
  x <- stat(svymean(~score, d), degf(d)); options(survey.lonely.psu = "fail"); x
}
jkn <- as.svrepdesign(svydesign(id = ~shop, strata = ~region, weights = ~weight, fpc = ~shops, data = frame,
                                nest = TRUE), type = "JKn")
jk1 <- as.svrepdesign(flat, type = "JK1")
set.seed(7)
boot <- as.svrepdesign(one, type = "subbootstrap", replicates = 40)
rep_of <- function(d) list(
  degf = degf(d), mean = stat(svymean(~score, d), degf(d)), total = stat(svytotal(~spend, d), degf(d)),
  price = stat(svymean(~price, d, na.rm = TRUE), degf(d))
)
out <- list(
  meta = list(R = R.version.string, survey = as.character(packageVersion("survey")), seed = 20260301),
  data = lapply(frame, identity),
  two_stage = both(two), one_stage = both(one), clusters_only = both(flat),
  calibrated_free = list(target = unname(target), weights = unname(weights(free))[1:12],
    mean = stat(svymean(~score, free), degf(free)), total = stat(svytotal(~price, free, na.rm = TRUE), degf(free))),
  calibrated_bounded = list(target = unname(target), weights = unname(weights(bounded))[1:12],
    mean = stat(svymean(~score, bounded), degf(bounded))),
  post_stratified = list(target = as.list(pop), mean = stat(svymean(~score, post), degf(post)),
    domain = stat(svymean(~score, subset(post, channel != "shop")), degf(subset(post, channel != "shop")))),
  trimmed = list(lower = 14, upper = 36, weights = unname(weights(trim))),
  lonely = list(rows = which(frame$unit %in% lonely$unit) - 1, certainty = lonely_of("certainty"),
    adjust = lonely_of("adjust"), average = lonely_of("average")),
  jkn = rep_of(jkn), jk1 = rep_of(jk1),
  given = c(rep_of(boot), list(weights = weights(boot, type = "analysis"), scale = boot$scale * boot$rscales[1]))
)
cat(toJSON(out, digits = NA, auto_unbox = TRUE, null = "null", na = "null"))
