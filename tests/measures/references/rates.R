# Writes what R says of rates, levels and residuals: Rscript rates.R > rates.json
show <- function(x) paste0("[", paste(sprintf("%.12g", x), collapse = ", "), "]")
pairs <- list(c(12, 60, 9, 20), c(0, 58, 4, 19), c(3, 57, 5, 20), c(40, 60, 13, 20), c(1, 40, 0, 20), c(21, 3011, 11, 800))
lines <- sapply(pairs, function(x) {
  up <- poisson.test(c(x[3], x[1]), c(x[4], x[2]), alternative = "greater")
  both <- poisson.test(c(x[3], x[1]), c(x[4], x[2]))
  ends <- pmin(both$conf.int, 1e300)
  sprintf("    {\"given\": %s, \"p\": %.12g, \"ratio\": %.12g, \"low\": %.12g, \"high\": %.12g}",
          show(x), up$p.value, min(both$estimate, 1e300), ends[1], ends[2])
})
ps <- c(0.01, 0.04, 0.03, 0.005, 0.2, 0.9)
table <- matrix(c(12, 5, 3, 20, 8, 14, 6, 9, 25), nrow = 3)
volumes <- c(500, 300, 200)
by_volume <- sapply(1:3, function(j) chisq.test(table[, j], p = volumes / sum(volumes))$stdres)
rows <- function(m) paste0("[", paste(apply(m, 1, show), collapse = ", "), "]")
cat("{\n  \"changes\": [\n", paste(lines, collapse = ",\n"), "\n  ],\n", sep = "")
cat("  \"ps\": ", show(ps), ",\n  \"holm\": ", show(p.adjust(ps, "holm")), ",\n", sep = "")
cat("  \"table\": ", rows(table), ",\n  \"volumes\": ", show(volumes), ",\n", sep = "")
cat("  \"margins\": ", rows(chisq.test(table)$stdres), ",\n  \"volume\": ", rows(by_volume), "\n}\n", sep = "")
