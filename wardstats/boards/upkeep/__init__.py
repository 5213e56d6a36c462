"""The upkeep page: which rows of the plain files can be kept up, in words, and what a change does to them."""
