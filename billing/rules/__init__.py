"""Pure rules of money: values in, values and their derivations out."""
