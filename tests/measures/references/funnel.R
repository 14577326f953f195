# Funnel limits after Spiegelhalter (2005), in R alone: qbinom and pbinom for the exact limits, quantile and
# pchisq for the spread. Writes funnel.json beside this file: Rscript funnel.R
exact <- function(theta, n, p) {
  r <- qbinom(p, n, theta)
  # the first count whose cumulated probability is beyond p
  while (pbinom(r, n, theta) <= p) r <- r + 1
  f <- pbinom(r, n, theta); g <- if (r > 0) pbinom(r - 1, n, theta) else 0
  min(max((r - (f - p) / (f - g)) / n, 0), 1)
}
spread <- function(z, w) {
  q <- quantile(z, c(0.1, 0.9), names = FALSE)
  zw <- pmin(pmax(z, q[1]), q[2])
  chi2 <- sum(zw^2); k <- length(z)
  c(phi = mean(zw^2), p = pchisq(chi2, k - 1, lower.tail = FALSE),
    tau = sqrt(max(chi2 - (k - 1), 0) / (sum(w) - sum(w^2) / sum(w))))
}
num <- function(x) paste0("[", paste(format(x, digits = 15), collapse = ", "), "]")
hits <- c(45, 30, 88, 12, 150, 61, 9); n <- c(60, 50, 100, 20, 180, 90, 10)
theta <- sum(hits) / sum(n); sd <- sqrt(theta * (1 - theta))
z <- (hits / n - theta) / (sd / sqrt(n)); s <- spread(z, n / sd^2)
lim <- sapply(c(0.001, 0.025, 0.975, 0.999), function(p) sapply(n, function(k) exact(theta, k, p)))
means <- c(4.2, 3.9, 4.6, 3.1, 4.4, 4.0); sds <- c(0.8, 1.1, 0.6, 1.2, 0.7, 0.9); m <- c(40, 25, 80, 15, 120, 60)
pooled <- sqrt(sum((m - 1) * sds^2) / sum(m - 1)); mu <- sum(m * means) / sum(m)
zm <- (means - mu) / (pooled / sqrt(m)); sm <- spread(zm, m / pooled^2)
out <- c("{",
  paste0('"hits": ', num(hits), ', "sizes": ', num(n), ', "target": ', format(theta, digits = 15), ","),
  paste0('"z": ', num(z), ', "spread": ', num(unname(s)), ","),
  paste0('"limits": [', paste(apply(lim, 1, num), collapse = ", "), "],"),
  paste0('"means": ', num(means), ', "deviations": ', num(sds), ', "mean_sizes": ', num(m), ","),
  paste0('"mean_target": ', format(mu, digits = 15), ', "sd": ', format(pooled, digits = 15), ","),
  paste0('"mean_z": ', num(zm), ', "mean_spread": ', num(unname(sm)), ","),
  paste0('"additive_low": ', num(mu - qnorm(0.999) * sqrt(pooled^2 / m + sm[["tau"]]^2)), ","),
  paste0('"multiplicative_high": ', num(mu + qnorm(0.975) * pooled / sqrt(m) * sqrt(max(sm[["phi"]], 1)))),
  "}")
args <- commandArgs(FALSE); here <- dirname(sub("--file=", "", args[grep("--file=", args)]))
writeLines(out, file.path(here, "funnel.json"))
