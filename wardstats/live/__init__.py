"""The live part: one publish reaches the projector and every phone in the hall within a second.

``reader`` answers queries from memory, ``board`` and ``stage`` make what phones and the projector show,
``broadcaster`` sends it, ``pages`` and ``api`` serve it, ``application`` puts them together. Knows nothing of
Streamlit, so it also runs alone, in as many processes as are wanted.
"""
