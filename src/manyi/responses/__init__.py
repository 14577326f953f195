"""Answer and score: intake of answers from every channel through one evaluator."""
