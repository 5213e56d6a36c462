"""The ward map: geography, labels, colours, figures."""
