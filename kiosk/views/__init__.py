"""View models: what a screen shows and says in a state, free of any toolkit."""
