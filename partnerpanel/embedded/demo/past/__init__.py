"""The past of a partner, lived through by the engine on a clock that is moved: by chance, and by one seed the same."""
