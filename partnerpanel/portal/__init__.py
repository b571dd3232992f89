"""The pages of a partner's customers, in the partner's brand."""
