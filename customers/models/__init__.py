from customers.models.customer import Customer
from customers.models.note import Note
from customers.models.tag import CustomerTag, Tag

__all__ = ["Customer", "CustomerTag", "Note", "Tag"]
