"""The platform bills its partners: they are customers of a partner of its own, with the same engine as everybody's."""
