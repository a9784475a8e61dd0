"""Why a pain point hurts: where it concentrates, what came before, since when, in which words."""
