"""Match the printed rows of an appendix with the rows of a form."""
