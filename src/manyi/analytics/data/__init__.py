"""Tables to analyse, whatever they come from: a file, arrays, or the snapshot of a round."""
