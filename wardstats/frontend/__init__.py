"""What is changed of Streamlit's pages on their way to the browser."""
