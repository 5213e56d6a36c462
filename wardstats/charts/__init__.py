"""Figures. Each function takes a frame and returns a ``plotly`` figure; it never reads data nor calls Streamlit."""
