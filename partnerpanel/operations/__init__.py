"""Running the installation: is it well, what did it do, who is told when it is not. Nothing here is a tenant's."""
