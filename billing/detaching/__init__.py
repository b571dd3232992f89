"""Cards that were removed here and have still to be detached at their gateway."""
