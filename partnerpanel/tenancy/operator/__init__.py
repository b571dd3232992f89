"""The platform operator's admin: everything happens inside one chosen partner."""
