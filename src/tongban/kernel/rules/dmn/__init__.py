"""Reading DMN files: requirement graph, boxed expressions, decision tables."""
