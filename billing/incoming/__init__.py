"""What gateways tell by themselves: written down, answered, and worked through from rows, once and in any order."""
