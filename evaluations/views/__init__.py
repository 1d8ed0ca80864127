"""Pages of experiments. Everyone who may read a project's data may read them; raters may not,
because they judge blind. Only researchers and administrators act."""
