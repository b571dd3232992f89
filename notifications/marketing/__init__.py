"""What a partner sends because it wants to: who agreed to it, who is left out of it, and when it waits."""
