"""Resources that programs can add to or change, beyond listing and reading them."""
