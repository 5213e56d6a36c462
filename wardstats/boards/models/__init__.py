"""The models page: which ward has adopted which model."""
