# Makes relations.json: made-up data and what R says of them. Run in this folder: Rscript relations.R
# Packages: MASS, sandwich, psych, GPArotation, survey, jsonlite.
suppressMessages({library(MASS); library(sandwich); library(psych); library(GPArotation); library(survey); library(jsonlite)})
set.seed(20240229)
out <- list()

# Least squares with weights and robust errors; correlations.
n <- 60
x1 <- round(rnorm(n, 60, 15)); x2 <- round(0.5 * x1 + rnorm(n, 30, 10)); x3 <- round(runif(n, 1, 9))
y <- round(10 + 0.3 * x1 + 0.2 * x2 - x3 + rnorm(n, 0, 2 + x3), 1); w <- round(runif(n, 0.4, 2.5), 2)
lms <- function(fit) {
  errors <- c(list(classical = sqrt(diag(vcov(fit)))),
              sapply(c("HC0", "HC1", "HC2", "HC3"), function(k) sqrt(diag(vcovHC(fit, type = k))), simplify = FALSE))
  list(coef = unname(coef(fit)), errors = lapply(errors, unname), r2 = summary(fit)$r.squared,
       sigma = summary(fit)$sigma, f = unname(summary(fit)$fstatistic[1]), confint = unname(confint(fit)))
}
pt <- cor.test(x1, y)
res <- cbind(resid(lm(x1 ~ x2 + x3)), resid(lm(y ~ x2 + x3)))
rk <- function(v) rank(v)
rres <- cbind(resid(lm(rk(x1) ~ rk(x2) + rk(x3))), resid(lm(rk(y) ~ rk(x2) + rk(x3))))
out$regression <- list(
  data = list(x1 = x1, x2 = x2, x3 = x3, y = y, w = w),
  plain = lms(lm(y ~ x1 + x2 + x3)), weighted = lms(lm(y ~ x1 + x2 + x3, weights = w)),
  pearson = list(r = unname(pt$estimate), t = unname(pt$statistic), p = pt$p.value, ci = as.numeric(pt$conf.int)),
  weighted_pearson = cov.wt(cbind(x1, y), wt = w, cor = TRUE)$cor[1, 2],
  spearman = cor(x1, y, method = "spearman"),
  kendall = cor(x1, y, method = "kendall"),
  partial = cor(res)[1, 2], partial_spearman = cor(rres)[1, 2])

# Ordered answers as counts.
cells <- expand.grid(y = 1:4, x = 0:1, z = 1:3)
cells$n <- c(9, 14, 20, 8, 4, 10, 25, 15, 7, 11, 22, 12, 3, 8, 21, 19, 5, 9, 18, 16, 2, 6, 17, 30)
fit <- polr(ordered(y) ~ x + z, data = cells, weights = n, Hess = TRUE, control = list(reltol = 1e-14))
long <- cells[rep(seq_len(nrow(cells)), cells$n), ]
sandwiched <- sandwich(polr(ordered(y) ~ x + z, data = long, Hess = TRUE, control = list(reltol = 1e-14)))
out$ordinal <- list(data = as.list(cells), coef = as.list(coef(fit)), zeta = as.list(fit$zeta),
  se = as.list(sqrt(diag(vcov(fit)))), loglik = as.numeric(logLik(fit)),
  robust = as.list(sqrt(diag(sandwiched))))

# Factors of a matrix with correlated factors.
phi <- matrix(c(1, .5, .3, .5, 1, .4, .3, .4, 1), 3)
lam <- kronecker(diag(3), matrix(c(.8, .7, .6), 3)); lam[9, 1] <- .3
items <- mvrnorm(200, rep(0, 9), lam %*% phi %*% t(lam) + diag(c(.4, .5, .6, .4, .5, .6, .4, .5, .5)))
items <- round(items, 2); R <- cor(items)
minres <- fa(R, 3, n.obs = 200, rotate = "none", fm = "minres")
ml <- factanal(covmat = R, n.obs = 200, factors = 3, rotation = "none", control = list(opt = list(factr = 1e4)))
base <- unclass(loadings(ml))[, ]
obl <- GPFoblq(base, method = "quartimin", eps = 1e-9, maxit = 5000)
pro <- promax(varimax(base, eps = 1e-12)$loadings)
turn <- varimax(base, eps = 1e-12)$rotmat
u <- pro$rotmat
promax_phi <- solve(t(u) %*% u)
km <- KMO(R); bt <- cortest.bartlett(R, n = 200)
out$factors <- list(data = unname(items), uniqueness = unname(ml$uniquenesses), chi2 = unname(ml$STATISTIC),
  df = unname(ml$dof), p = unname(ml$PVAL), minres_communality = unname(minres$communality),
  oblimin = unname(unclass(obl$loadings)[, ]), oblimin_phi = unname(obl$Phi),
  promax = unname(unclass(pro$loadings)[, ]), promax_phi = unname(promax_phi),
  varimax = unname(unclass(varimax(base, eps = 1e-12)$loadings)[, ]),
  kmo = km$MSA, bartlett = bt$chisq, bartlett_p = bt$p.value,
  alpha = alpha(items[, 1:3])$total$raw_alpha, omega_minres_1 = {
    one <- fa(cor(items[, 1:3]), 1, fm = "minres"); S <- cor(items[, 1:3])
    (sum(S) - sum(one$uniquenesses)) / sum(S) })

# A series with ties and seasons.
series <- c(81, 83, 80, 86, 82, 84, 82, 88, 84, 85, 83, 90, 85, 88, 84, 91)
time <- seq_along(series); season <- factor((time - 1) %% 4 + 1)
mk <- cor.test(time, series, method = "kendall", exact = FALSE, continuity = TRUE)
full <- lm(series ~ I(time - mean(time)) + C(season, contr.sum)); less <- lm(series ~ time)
an <- anova(less, full)
pairs <- combn(time, 2); slopes <- apply(pairs, 2, function(i) (series[i[2]] - series[i[1]]) / (i[2] - i[1]))
out$series <- list(data = series, z = unname(mk$statistic), p = mk$p.value, sen = median(slopes),
  f = an$F[2], p_season = an$`Pr(>F)`[2], slope = unname(coef(full)[2]), effects = unname(coef(full)[3:5]),
  errors = unname(sqrt(diag(vcov(full)))[3:5]))

# Planning.
out$power <- list(
  n_shares = power.prop.test(p1 = .7, p2 = .78, power = .8)$n,
  power_shares = power.prop.test(n = 150, p1 = .7, p2 = .8)$power,
  n_means = power.t.test(delta = 3, sd = 12, power = .9)$n,
  power_means = power.t.test(n = 80, delta = 4, sd = 10)$power,
  delta_means = power.t.test(n = 80, sd = 10, power = .8)$delta)

# Ordered answers of a weighted sample, and two answers as a plain logit.
n <- 150
x <- round(rnorm(n), 2); z <- rbinom(n, 1, .4)
y <- cut(x + .5 * z + rlogis(n), c(-Inf, -1, .5, 2, Inf), labels = 1:4, ordered_result = TRUE)
w <- round(runif(n, .5, 3), 2)
sampled <- svyolr(y ~ x + z, svydesign(ids = ~1, weights = ~w, data = data.frame(x, z, y, w)))
high <- as.integer(as.integer(y) > 2); two <- glm(high ~ x + z, family = binomial)
out$sampled <- list(data = list(x = x, z = z, y = as.integer(y), w = w), coef = unname(coef(sampled)),
  se = unname(SE(sampled)), two = unname(coef(two)), two_se = unname(sqrt(diag(vcov(two)))))
write(toJSON(out, digits = NA, auto_unbox = TRUE), "relations.json")
