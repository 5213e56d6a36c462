"""What is printed: the ward sheet, minutes and contract as PDF."""
