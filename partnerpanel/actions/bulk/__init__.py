"""The same verbs over many customers, as jobs that can be watched, paused, cancelled, resumed and undone."""
